import type { Decision } from '@spillway/shared/contracts/job.ts';
import { ask } from './asking.ts';
import { ClientError } from './errors.ts';
import type { FrontDoor } from './front-door.ts';
import type { Patience } from './patience.ts';

/** A decision that counts. */
export interface Decided {
  jobId: string;
  decision: Decision['decision'];
  /** When it was recorded, if that was before: by an earlier call or try, whose answer may have been lost. */
  recordedAt?: string;
}

/** What the refusal of a decision says beside the problem, if there is one already. */
interface DecidedBefore {
  /** It is the same decision. */
  repeated?: boolean;
  recorded?: { at: string };
}

/** Sends a decision, again while the front door is busy. The same decision again is no error, even after the job has ended. */
export async function decide(
  door: FrontDoor,
  path: string,
  jobId: string,
  decision: Decision,
  patience: Patience,
): Promise<Decided> {
  const decided = { jobId, decision: decision.decision };
  try {
    const request = { method: 'POST', body: JSON.stringify(decision) };
    await ask(door, 'The decision was refused', path, request, patience);
    return decided;
  } catch (error) {
    const { repeated, recorded } = ((error instanceof ClientError && error.problem) || {}) as DecidedBefore;
    if (!repeated || !recorded) throw error;
    return { ...decided, recordedAt: recorded.at };
  }
}
