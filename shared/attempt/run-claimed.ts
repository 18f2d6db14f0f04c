import { goesOnAlone } from '../contracts/run-kinds.ts';
import type { AttemptTools } from './attempt-tools.ts';
import { CANCELLED } from './cancel.ts';
import { handOver } from './durable.ts';
import { jobErrorOf, PermanentJobError } from './errors.ts';
import { failed } from './failing.ts';
import { STARTED } from './job-code.ts';
import { storedResult } from './result.ts';
import { afterThrow } from './retry.ts';
import { runInTime } from './run-in-time.ts';
import { cancel, release, succeed } from './settle.ts';
import type { StoredResult } from './settlement.ts';
import type { Attempt } from './submission.ts';
import { endOf, type Verdict } from './verdict.ts';

/** Runs the job of an attempt that owns it, and settles it, gives it back to its lane, or hands it over. */
export async function runClaimed<Input, Result>(
  claimed: Attempt,
  input: Input,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  let result: StoredResult;
  try {
    // its message is deleted when it is started, and its workflow may fail at any time after that
    if (goesOnAlone(tools.jobType)) await tools.archive.keepStarted(claimed.message, claimed.job);
    const returned = await runInTime(claimed, input, tools);
    if (returned === STARTED) return await handOver(claimed, tools);
    if (returned === CANCELLED) return endOf(await cancel(claimed, tools));
    result = await storedResult(returned, claimed.job, tools.archive);
  } catch (thrown) {
    // the attempt was not made as long as it was not started
    if (goesOnAlone(tools.jobType) && !(thrown instanceof PermanentJobError)) throw thrown;
    return afterFailure(claimed, thrown, tools);
  }
  return endOf(await succeed(claimed, result, tools));
}

async function afterFailure<Input, Result>(
  attempted: Attempt,
  thrown: unknown,
  tools: AttemptTools<Input, Result>,
): Promise<Verdict> {
  const error = jobErrorOf(thrown);
  const attempts = attempted.job.attempt - attempted.attemptsBefore;
  const next = afterThrow(thrown, attempts, tools.jobType.maxAttempts, tools.random());
  if (next.kind === 'fail') return failed(attempted, error, tools);
  const released = await release(attempted, error, next.afterSeconds, tools);
  if (released) return { kind: 'again', afterSeconds: next.afterSeconds, jobId: attempted.job.id };
  return endOf(await cancel(attempted, tools));
}
