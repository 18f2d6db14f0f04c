import { jobLogger } from './logging.ts';

const job = { tenant: 't', type: 'sample', id: 'job-1', attempt: 1, acceptedAt: new Date(0), traceId: 'a'.repeat(32) };
const MEGABYTE = 1024 * 1024;
const long = 'x'.repeat(MEGABYTE);
const circular: Record<string, unknown> = {};
circular.self = circular;

/** Logs an entry. @returns the line that is written */
function written(message: string, fields: Record<string, unknown>): string {
  const write = jest.spyOn(process.stdout, 'write').mockReturnValue(true);
  try {
    jobLogger(job).info(message, fields);
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
    ['a field that cannot be written as JSON', 'm', { circular }],
  ])('keeps the log line of %s short and adds the job’s ids', (_, message, fields) => {
    const line = written(message, fields);
    expect(line.length).toBeLessThan(40_000);
    expect(JSON.parse(line)).toMatchObject({ jobId: 'job-1', tenant: 't', attempt: 1 });
  });

  it('writes fields and error messages to the log unchanged', () => {
    expect(JSON.parse(written('m', { rows: 7, error: new Error('down') }))).toMatchObject({
      message: 'm',
      rows: 7,
      error: { message: 'down' },
    });
  });

  it('does not let a logged input of a client replace the job’s ids', () => {
    const line = written('m', { tenant: 'other', jobId: 'job-2', attempt: 9 });
    expect(JSON.parse(line)).toMatchObject({ tenant: 't', jobId: 'job-1', attempt: 1 });
  });

  it.each<[unknown, Record<string, unknown>]>([
    [undefined, { rows: 7 }],
    [{ rows: 7 }, {}],
    ['m', null as unknown as Record<string, unknown>],
  ])('writes a log line even if the message is %p and not a text', (message, fields) => {
    expect(JSON.parse(written(message as string, fields))).toMatchObject({ jobId: 'job-1', level: 'INFO' });
  });
});
