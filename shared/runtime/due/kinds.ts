import type { DueRow } from '../../job-store/due-reads.ts';
import type { DueKind } from '../../job-store/row.ts';
import type { DueTools } from './due-tools.ts';
import { lookAtStarted } from './look.ts';
import { expireUnstarted, startScheduled } from './start.ts';

/**
 * What happens to the rows of each kind when they fall due.
 *
 * @returns the rows that could not be handled; their references come again
 */
type Handle = (rows: DueRow[], tools: DueTools) => Promise<DueRow[]>;

/** Everything that can fall due. A new kind is one more entry. */
export const DUE_KINDS: Readonly<Record<DueKind, Handle>> = {
  start: startScheduled,
  deadline: expireUnstarted,
  look: lookAtStarted,
};
