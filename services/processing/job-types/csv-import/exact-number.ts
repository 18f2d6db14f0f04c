/** A decimal number in plain notation, or as JavaScript writes a double. */
const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:e([+-]\d+))?$/;

/**
 * Reads a decimal number, if a double, and so a JSON number, shows exactly its digits again.
 *
 * @param text digits with an optional sign and decimal point
 * @returns undefined if the double is another number, such as 9007199254740992 for 9007199254740993
 */
export function exactNumber(text: string): number | undefined {
  const number = Number(text);
  return Number.isFinite(number) && digitsOf(text) === digitsOf(String(number)) ? number : undefined;
}

/** The significant digits of a number and their place, the same for all ways to write it. */
function digitsOf(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
  const digits = whole + fraction;
  let start = 0;
  while (digits[start] === '0') start += 1;
  if (start === digits.length) return '0';
  let end = digits.length;
  while (digits[end - 1] === '0') end -= 1;
  const place = Number(exponent) - fraction.length + (digits.length - end);
  return `${sign === '-' ? '-' : ''}${digits.slice(start, end)}e${place}`;
}
