/**
 * Finds the text of a field of a JSON object, exactly as it was written. Parsing and writing it again would change numbers
 * that a double cannot hold, and the order of names that look like numbers.
 *
 * @param json a valid JSON object
 * @returns undefined if there is no such field; the last one if there are several, like JSON.parse
 */
export function fieldText(json: string, field: string): string | undefined {
  let found: string | undefined;
  let at = skipSpace(json, json.indexOf('{') + 1);
  while (json[at] === '"') {
    const nameEnd = stringEnd(json, at);
    const start = skipSpace(json, json.indexOf(':', nameEnd) + 1);
    const end = valueEnd(json, start);
    if (JSON.parse(json.slice(at, nameEnd)) === field) found = json.slice(start, end).trimEnd();
    // behind the comma, or behind the closing brace
    at = skipSpace(json, end + 1);
  }
  return found;
}

/**
 * Finds the text of each item of a JSON array, exactly as it was written.
 *
 * @param json a valid JSON array
 */
export function itemTexts(json: string): string[] {
  const texts: string[] = [];
  let at = skipSpace(json, json.indexOf('[') + 1);
  while (at < json.length && json[at] !== ']') {
    const end = valueEnd(json, at);
    texts.push(json.slice(at, end).trimEnd());
    at = skipSpace(json, end + 1);
  }
  return texts;
}

function skipSpace(json: string, from: number): number {
  let at = from;
  while (json[at] === ' ' || json[at] === '\n' || json[at] === '\r' || json[at] === '\t') at += 1;
  return at;
}

/** @returns the offset behind a string's closing quote */
function stringEnd(json: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    if (json[at] === '\\') at += 1;
    else if (json[at] === '"') return at + 1;
  }
}

/** @returns the offset of the comma, brace or bracket behind a value of an object or array */
function valueEnd(json: string, start: number): number {
  let depth = 0;
  let at = start;
  for (;;) {
    const character = json[at];
    if (character === '"') {
      at = stringEnd(json, at);
      continue;
    }
    if (depth === 0 && (character === ',' || character === '}' || character === ']')) return at;
    if (character === '{' || character === '[') depth += 1;
    if (character === '}' || character === ']') depth -= 1;
    at += 1;
  }
}
