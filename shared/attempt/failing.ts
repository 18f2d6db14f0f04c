import type { JobError } from '../contracts/job.ts';
import { stopsKeys } from '../contracts/lane.ts';
import type { AttemptTools } from './attempt-tools.ts';
import { blockedBy, hold } from './block.ts';
import { fail, refuse } from './settle.ts';
import type { Attempt } from './submission.ts';
import { DONE, OVERTAKEN, type Verdict } from './verdict.ts';

/** Fails a job. It then stops its order key if its lane says so. */
export const failed = async <Input, Result>(
  attempted: Attempt,
  error: JobError,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> =>
  (await fail(attempted, error, withBlock(attempted, tools))) ? afterFailed(attempted, tools) : OVERTAKEN;

/** Fails a job that no attempt may run, in the same way. @returns undefined if it was attempted or settled before */
export const refused = async <Input, Result>(
  attempted: Attempt,
  error: JobError,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict | undefined> =>
  (await refuse(attempted, error, withBlock(attempted, tools))) ? afterFailed(attempted, tools) : undefined;

const withBlock = <Input, Result>({ message, job }: Attempt, tools: AttemptTools<Input, Result>) => ({
  ...tools,
  blocks: blockedBy(message, job, tools),
});

/** What happens to the message of a job that has failed, or was cancelled while it did. */
const afterFailed = async <Input, Result>(
  { message, job }: Attempt,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> => (stopsKeys(tools.jobType) ? hold(message, job, tools) : DONE);
