import { jobLogger } from './logging.ts';

const job = { tenant: 't', type: 'sample', id: 'job-1', acceptedAt: new Date(0), traceId: 'a'.repeat(32) };
const MEGABYTE = 1024 * 1024;
const long = 'x'.repeat(MEGABYTE);
const circular: Record<string, unknown> = {};
circular.self = circular;

/** The line that is written. */
function written(message: string, fields: Record<string, unknown>): string {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    jobLogger(job, 1).info(message, fields);
    return String(write.mock.calls[0]?.[0]);
  } finally {
    write.mockRestore();
  }
}

describe('a job’s log line', () => {
  it.each<[string, string, Record<string, unknown>]>([
    ['a long message', long, {}],
    ['a long field', 'm', { text: long }],
    ['an error with a long message', 'm', { error: new Error(long) }],
    ['an error with a long cause', 'm', { error: new Error('short', { cause: new Error(long) }) }],
    ['a field that is no JSON', 'm', { circular }],
  ])('of %s stays short, and says whose it is', (_, message, fields) => {
    const line = written(message, fields);
    expect(line.length).toBeLessThan(40_000);
    expect(JSON.parse(line)).toMatchObject({ jobId: 'job-1', tenant: 't', attempt: 1 });
  });

  it('holds its fields and an error’s words as they are', () => {
    expect(JSON.parse(written('m', { rows: 7, error: new Error('down') }))).toMatchObject({
      message: 'm',
      rows: 7,
      error: { message: 'down' },
    });
  });

  it('says whose it is also where a client’s input, logged as it is, says otherwise', () => {
    const line = written('m', { tenant: 'other', jobId: 'job-2', attempt: 9 });
    expect(JSON.parse(line)).toMatchObject({ tenant: 't', jobId: 'job-1', attempt: 1 });
  });

  it.each<[unknown, Record<string, unknown>]>([
    [undefined, { rows: 7 }],
    [{ rows: 7 }, {}],
    ['m', null as unknown as Record<string, unknown>],
  ])('of %p is written, though it is no text', (message, fields) => {
    expect(JSON.parse(written(message as string, fields))).toMatchObject({ jobId: 'job-1', level: 'INFO' });
  });
});
