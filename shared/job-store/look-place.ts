import type { JobIdentity } from '../contracts/job.ts';
import { duePlace } from './due-places.ts';
import { jobKey } from './keys.ts';
import type { DueKind } from './row.ts';
import { setting } from './row-writer.ts';

/**
 * The place in the due index of a look at a job that goes on without its consumer.
 *
 * @returns the attributes of the row, and the reference that must be sent, if the look is soon
 */
export function lookPlace(job: JobIdentity, { at, now }: { at: Date; now: Date }) {
  const { keys, soon } = duePlace(jobKey(job).pk, at, now);
  return { fields: setting({ ...keys, dueKind: 'look' satisfies DueKind }), soon };
}
