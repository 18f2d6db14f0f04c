/** One record of a CSV text. */
export interface CsvRecord {
  /** The line it starts on; the first line of the text is 1. A quoted field may span lines. */
  line: number;
  fields: string[];
  /** Where it ends in the text, in characters. */
  end: number;
}

/** A text that is not CSV: what follows cannot be read with any certainty. */
export class CsvSyntaxError extends Error {
  override readonly name = 'CsvSyntaxError';
  readonly code = 'CSV_MALFORMED';
}

const BYTE_ORDER_MARK = '\ufeff';
const LINE_BREAK = /\r\n|\r|\n/g;

/**
 * Reads CSV by RFC 4180, a record at a time, so that the caller can pause. More lenient in two ways: lines may end in
 * CRLF, LF or CR, and a byte order mark is skipped. Blank lines are no records.
 *
 * Our own because the packages that were tried count a CRLF inside quotes as two lines, and the line is what a client
 * needs to find a rejected row. The tests compare it with one of them.
 *
 * @param delimiter one character, not a quote or a line break
 * @throws CsvSyntaxError naming the line
 */
export function* csvRecords(text: string, delimiter: string): Generator<CsvRecord> {
  const bareField = new RegExp(`[^"\\r\\n${delimiter}]*`, 'y');
  let at = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK.length : 0;
  let line = 1;
  while (at < text.length) {
    const start = at;
    const startLine = line;
    const fields: string[] = [];
    for (;;) {
      const field = text[at] === '"' ? quotedField(text, at, line) : plainField(text, at, bareField);
      fields.push(field.value);
      line += field.lineBreaks;
      at = field.end;
      if (text[at] !== delimiter) break;
      at += 1;
    }
    if (at < text.length && text[at] !== '\r' && text[at] !== '\n') {
      throw new CsvSyntaxError(`line ${line}: unexpected ${JSON.stringify(text[at])}; put the whole field in quotes`);
    }
    if (at > start) yield { line: startLine, fields, end: at };
    at += text.startsWith('\r\n', at) ? 2 : 1;
    line += 1;
  }
}

interface Field {
  value: string;
  /** The index after the field. */
  end: number;
  lineBreaks: number;
}

function plainField(text: string, start: number, bareField: RegExp): Field {
  bareField.lastIndex = start;
  const value = bareField.exec(text)?.[0] ?? '';
  return { value, end: start + value.length, lineBreaks: 0 };
}

function quotedField(text: string, start: number, line: number): Field {
  let close = text.indexOf('"', start + 1);
  while (close !== -1 && text[close + 1] === '"') close = text.indexOf('"', close + 2);
  if (close === -1) throw new CsvSyntaxError(`line ${line}: a quoted field is never closed`);
  const inside = text.slice(start + 1, close);
  return {
    value: inside.replaceAll('""', '"'),
    end: close + 1,
    lineBreaks: inside.match(LINE_BREAK)?.length ?? 0,
  };
}
