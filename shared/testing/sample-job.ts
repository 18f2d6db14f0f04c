import { idempotencyKey } from '../attempt/digests.ts';
import { PermanentJobError } from '../attempt/errors.ts';
import type { Job } from '../attempt/job-code.ts';

/** A job for the tests of a job type's code: its first attempt, with time left and a logger that writes nothing. */
export function sampleJob(changes: Partial<Job> = {}): Job {
  const { type = 'sample', id = 'job-1', tenant = 'tenant-1' } = changes;
  return {
    type,
    id,
    tenant,
    attempt: 1,
    acceptedAt: new Date('2026-01-01T00:00:00Z'),
    traceId: '8a6d0f3e4b524a0e9c3c5d1f2a7b6e90',
    idempotencyKey: (step) => idempotencyKey({ tenant, type, id }, step),
    inputText: () => undefined,
    open: () => Promise.reject(new PermanentJobError('UPLOAD_NOT_FOUND', 'the test has no upload')),
    write: () => ({ write: async () => undefined, end: async () => 'payload:test' }),
    progress() {},
    signal: new AbortController().signal,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
    ...changes,
  };
}
