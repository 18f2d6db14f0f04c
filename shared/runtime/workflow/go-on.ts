import { SendTaskSuccessCommand, type SFNClient } from '@aws-sdk/client-sfn';
import type { MadeDecision } from '../../attempt/claim.ts';

/**
 * Lets a workflow go on with a decision that is recorded in the job's row.
 *
 * @returns false if the workflow no longer waits with the token. It then reads the row before it gives up.
 */
export type GoOn = (token: string, decision: MadeDecision) => Promise<boolean>;

/**
 * The task's time is over, its execution has ended, or another call was faster
 * (https://docs.aws.amazon.com/step-functions/latest/apireference/API_SendTaskSuccess.html#API_SendTaskSuccess_Errors).
 */
const NOT_WAITING = ['TaskTimedOut', 'TaskDoesNotExist', 'InvalidToken'];

/** Whether a call failed because nothing waits with its token. */
export const isNotWaiting = (error: unknown) => error instanceof Error && NOT_WAITING.includes(error.name);

export const goOn =
  (client: Pick<SFNClient, 'send'>): GoOn =>
  async (taskToken, decision) => {
    try {
      await client.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(decision) }));
      return true;
    } catch (error) {
      if (isNotWaiting(error)) return false;
      throw error;
    }
  };
