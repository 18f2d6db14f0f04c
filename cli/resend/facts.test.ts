import type { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import { factLines } from './facts.ts';

const at = '2026-11-27T10:00:00.000Z';
const fact: JobFact = {
  event_id: 'job.1',
  event_type: 'job.started',
  event_time: at,
  tenant: 't',
  job_type: 'csv-import',
  job_id: '1',
  revision: 1,
  attempt: 1,
  accepted_at: at,
  settled_at: null,
  latency_ms: null,
  error_code: null,
  trace_id: 'a'.repeat(32),
};
const line = JSON.stringify(fact);
/** As Firehose reports a record that it could not convert. */
const report = (record: string) =>
  JSON.stringify({
    attemptsMade: 1,
    arrivalTimestamp: 1_790_000_000_000,
    errorCode: 'DataFormatConversion.InvalidSchema',
    errorMessage: 'The schema is invalid.',
    attemptEndingTimestamp: 1_790_000_000_001,
    rawData: Buffer.from(record).toString('base64'),
  });

describe('a line of a refused fact', () => {
  it('is the fact itself, or a report of Firehose with a record of many facts', () => {
    expect(factLines(line)).toEqual([line]);
    expect(factLines(report(`${line}\n${line}\n`))).toEqual([line, line]);
  });

  it('cannot be read if it is cut off, is not a fact, or reports a record in which something is not a fact', () => {
    for (const bad of [line.slice(0, -9), 'null', '{}', '[]', report('x'), report(`${line}\n{}\n`)]) {
      expect(factLines(bad)).toBeUndefined();
    }
  });
});
