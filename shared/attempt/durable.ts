import type { AttemptTools } from './attempt-tools.ts';
import { firstLook } from './looks.ts';
import { cancel } from './settle.ts';
import type { Attempt } from './submission.ts';
import { DONE, endOf, type Verdict } from './verdict.ts';

/**
 * Ends the consumer's part in a job that goes on without it. If the job was settled in the meantime, that was by its
 * workflow, which has already ended.
 */
export async function handOver<Input, Result>(
  { job }: Attempt,
  { store, goesOn, due, now }: AttemptTools<Input, Result>,
): Promise<Verdict> {
  if (!goesOn) throw new Error(`jobs of type ${job.type} cannot go on without their consumer`);
  const at = now();
  const look = { at: firstLook(at, goesOn.firstLookSeconds), now: at };
  const handedOver = await store.handOver(job, look);
  if (handedOver?.soon) await due.send(handedOver.soon.reference, handedOver.soon.at);
  if (handedOver?.state.untold) await goesOn.look(job, handedOver.state);
  return DONE;
}

/**
 * Cancels a job whose attempt vanished. If that may have started a workflow, it is looked for, and stopped; its end then
 * settles the job.
 */
export const cancelVanished = async <Input, Result>(
  vanished: Attempt,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> => (tools.goesOn ? handOver(vanished, tools) : endOf(await cancel(vanished, tools)));
