import { JobCancelledError } from './errors.ts';

/**
 * How often a running job is looked up: a cancelled one sees it this soon, and an attempt that is shorter costs no read.
 * Eight hundred seconds of running take 168 reads, which cost a fiftieth of a cent.
 */
const LOOK_EVERY_MS = 5000;

/** The code has stopped after its job was cancelled. */
export const CANCELLED = Symbol('cancelled');

/**
 * Runs a job's code, looks every five seconds whether somebody asked to cancel it, and then aborts the controller. A look
 * that fails is made up for by the next one.
 *
 * @returns what the code returned, or {@link CANCELLED} if it ended after the abort, however it ended
 * @throws what the code threw, unless that was after the abort
 */
export async function cancellable<T>(
  isRequested: () => Promise<boolean>,
  work: (controller: AbortController) => Promise<T>,
): Promise<T | typeof CANCELLED> {
  const controller = new AbortController();
  let ended = false;
  let underWay = false;
  let cancelled = false;
  const look = async () => {
    if (underWay) return;
    underWay = true;
    try {
      if (!(await isRequested()) || ended) return;
      clearInterval(timer);
      cancelled = true;
      controller.abort(new JobCancelledError());
    } finally {
      underWay = false;
    }
  };
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_EVERY_MS);
  try {
    const returned = await work(controller);
    return cancelled ? CANCELLED : returned;
  } catch (thrown) {
    if (cancelled) return CANCELLED;
    throw thrown;
  } finally {
    ended = true;
    clearInterval(timer);
  }
}
