import type { Settlement } from '../attempt/settlement.ts';
import type { Submission } from '../attempt/submission.ts';
import { type JobIdentity, STATUSES } from '../contracts/job.ts';
import { findKeys } from './find-index.ts';
import { blockedKeys, failureKeys, jobKey, listKeyOf, listKeys } from './keys.ts';
import { type Change, setting } from './row-writer.ts';

/** What the first write of a row adds; later writes leave it unchanged. */
export function firstSeen(job: Submission): Pick<Change, 'set' | 'names' | 'values'> {
  const { listKey, listSort } = listKeys(job, job.acceptedAt);
  const fields = {
    tenant: job.tenant,
    type: job.type,
    jobId: job.id,
    acceptedAt: job.acceptedAt.toISOString(),
    traceId: job.traceId,
    bodyDigest: job.bodyDigest,
    listKey,
    listSort,
    ...(job.replayOf !== undefined && { replayOf: job.replayOf }),
    ...findKeys(job, job.searchTerms ?? []),
  };
  return {
    ...setting(fields),
    set: Object.keys(fields).map((name) => `#${name} = if_not_exists(#${name}, :${name})`),
  };
}

/** What settling writes. @param state of a transition to the outcome */
export function ending(
  job: JobIdentity,
  { outcome, now, ...given }: Settlement,
  state: Pick<Change, 'set' | 'values'>,
) {
  const { blocks, ...detail } = { blocks: undefined, ...given };
  const { pk } = jobKey(job);
  const failed = outcome === 'FAILED' && { failedKey: listKeyOf(job) };
  const failure = 'failure' in STATUSES[outcome] && {
    ...failureKeys(pk, job.type, now),
    failureCode: 'error' in detail ? detail.error.code : outcome,
  };
  const blocked = blocks && {
    ...blockedKeys(pk, job.type, now),
    blockedKey: blocks.orderKey,
    blockedUntil: blocks.until.toISOString(),
  };
  const { set, names, values } = setting({
    settledAt: now.toISOString(),
    ...detail,
    ...failed,
    ...failure,
    ...blocked,
  });
  return { set: [...state.set, ...set], names, values: { ...state.values, ...values } };
}
