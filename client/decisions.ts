import type { Decision } from '@spillway/shared/contracts/job.ts';
import { ask } from './asking.ts';
import { ClientError } from './errors.ts';
import type { FrontDoor } from './front-door.ts';
import type { Patience } from './patience.ts';

/** A decision that counts. */
export interface Decided {
  jobId: string;
  decision: Decision['decision'];
}

/**
 * Sends a decision, again while the front door is busy. If the answer to an earlier try was lost, the next one is refused,
 * because somebody has decided: then the recorded decision shows whether it was this one.
 */
export async function decide(
  door: FrontDoor,
  path: string,
  jobId: string,
  decision: Decision,
  patience: Patience,
): Promise<Decided> {
  let tries = 0;
  const counting: Pick<FrontDoor, 'request'> = {
    request: (...request) => {
      tries += 1;
      return door.request(...request);
    },
  };
  try {
    const request = { method: 'POST', body: JSON.stringify(decision) };
    await ask(counting, 'The decision was refused', path, request, patience);
  } catch (error) {
    if (tries === 1 || !isRecorded(error, decision)) throw error;
  }
  return { jobId, decision: decision.decision };
}

function isRecorded(error: unknown, { decision, comment }: Decision): boolean {
  if (!(error instanceof ClientError)) return false;
  const { recorded } = (error.problem ?? {}) as { recorded?: Decision };
  return recorded?.decision === decision && recorded.comment === comment;
}
