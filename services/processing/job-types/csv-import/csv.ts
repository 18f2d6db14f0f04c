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
    const { fields, end, lineBreaks } = recordAt(text, at, line, delimiter, bareField);
    const startLine = line;
    line += lineBreaks;
    if (end < text.length && text[end] !== '\r' && text[end] !== '\n') {
      throw new CsvSyntaxError(`line ${line}: unexpected ${JSON.stringify(text[end])}; put the whole field in quotes`);
    }
    if (end > at) yield { line: startLine, fields, end };
    at = end + (text.startsWith('\r\n', end) ? 2 : 1);
    line += 1;
  }
}

/** The fields from `start` to the end of the record, or to what is no CSV. */
function recordAt(text: string, start: number, line: number, delimiter: string, bareField: RegExp) {
  const fields: string[] = [];
  let lineBreaks = 0;
  let end = start - 1;
  do {
    end += 1;
    const field = text[end] === '"' ? quotedField(text, end, line + lineBreaks) : plainField(text, end, bareField);
    fields.push(field.value);
    lineBreaks += field.lineBreaks;
    end = field.end;
  } while (text[end] === delimiter);
  return { fields, end, lineBreaks };
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
