import type { JobStore } from '../attempt/ports.ts';
import { isSettled } from '../contracts/job.ts';
import { BLOCKED_ATTRIBUTES } from './keys.ts';
import type { rowWriter } from './row-writer.ts';

/** Holds only while a FAILED job blocks its order key. Its settling makes it so, and a release or a skip ends it. */
const BLOCKS = '#status = :failed AND attribute_exists(blockedKey)';
const BLOCKS_VALUES = { ':failed': 'FAILED' };

/** The writes about an order key that a job blocks; see {@link JobStore}. None is a new revision, and so an event. */
export function blockWrites(write: ReturnType<typeof rowWriter>): Pick<JobStore, 'hold' | 'unblock'> {
  return {
    async hold(job, receipt) {
      const { written, row } = await write(job, {
        set: ['blockedReceipt = :receipt'],
        condition: BLOCKS,
        values: { ...BLOCKS_VALUES, ':receipt': receipt },
      });
      if (written) return 'held';
      return row?.status === undefined || isSettled(row.status) ? 'over' : 'open';
    },

    async unblock(job) {
      const { written } = await write(job, {
        set: [],
        remove: [...BLOCKED_ATTRIBUTES],
        condition: BLOCKS,
        values: BLOCKS_VALUES,
      });
      return written;
    },
  };
}
