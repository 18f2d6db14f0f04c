import type { MadeDecision } from '@spillway/shared/attempt/claim.ts';
import { soonLook } from '@spillway/shared/attempt/looks.ts';
import type { DueQueue } from '@spillway/shared/attempt/ports.ts';
import { Decision } from '@spillway/shared/contracts/job.ts';
import type { jobWaits } from '@spillway/shared/job-store/waits.ts';
import type { GoOn } from '@spillway/shared/runtime/workflow/go-on.ts';
import { Answer, type Caller, Problem } from '../../light-function.ts';
import { readBody } from '../../request-body.ts';

export interface DecideJobRequest extends Caller {
  jobId: string;
  /** The path of the request, with the stage. */
  path: string;
  body: string;
}

interface DecideJobTools {
  waits: Pick<ReturnType<typeof jobWaits>, 'decide'>;
  goOn: GoOn;
  due: DueQueue;
  /** See shared/attempt/looks.ts. */
  firstLookSeconds: number;
  now(): Date;
  logger: { warn(message: string, fields: Record<string, unknown>): void };
}

/**
 * Records a decision and lets the workflow of its job go on. Once it is recorded it counts, so the answer is 202 even if the
 * workflow cannot be reached: the consumer sends it when the due index has it look at the job, and it reads the row before it
 * asks again and before it gives up.
 *
 * A decision that is sent again changes nothing. For as long as the job has its row, its answer says that it was recorded.
 *
 * @throws Problem notJson, badBody, unknownJob, decisionRepeated, alreadyDecided or notWaiting
 */
export async function decideJob(request: DecideJobRequest, tools: DecideJobTools): Promise<Answer> {
  const { tenant, type, jobId, path } = request;
  const decision = decisionIn(request.body);
  const now = tools.now();
  const lookAt = soonLook(now, tools.firstLookSeconds);
  const answer = await tools.waits.decide({ tenant, type, id: jobId }, decision, { now, lookAt });
  if (answer.kind === 'unknown') throw new Problem('unknownJob', { jobId, type });
  if (answer.kind === 'not-waiting') {
    if (answer.decision) throw decidedBefore(jobId, decision, answer.decision);
    const waits = answer.cancelling ? 'it is to be cancelled' : 'its time is over';
    const reason = answer.status === 'WAITING' ? waits : `it is ${answer.status}`;
    throw new Problem('notWaiting', { jobId, reason });
  }
  try {
    if (answer.soon) await tools.due.send(answer.soon.reference, answer.soon.at);
    await tools.goOn(answer.token, answer.decision);
  } catch (error) {
    tools.logger.warn('a decision is recorded, but its workflow could not be reached', { jobId, tenant, error });
  }
  return new Answer(202, {
    jobId,
    decision: decision.decision,
    links: { self: path.replace(/\/decision$/, '') },
  });
}

/** The refusal of a decision that came after another one. By it, whoever lost the answer to the first sees what was recorded. */
function decidedBefore(jobId: string, { decision, comment }: Decision, recorded: MadeDecision): Problem {
  const { at } = recorded;
  return recorded.decision === decision && recorded.comment === comment
    ? new Problem('decisionRepeated', { jobId, at }).with({ repeated: true, recorded })
    : new Problem('alreadyDecided', { jobId, at, decision: recorded.decision }).with({ recorded });
}

function decisionIn(body: string): Decision {
  return readBody(Decision, body, (reason) => new Problem('badBody', { reason: `${reason}.` }));
}
