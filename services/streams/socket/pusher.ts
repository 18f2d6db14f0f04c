import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import type { socketObserver } from '@spillway/shared/runtime/observers.ts';
import type { Connections } from './connections.ts';
import { deliver, type Pace } from './deliver.ts';
import { handOn, type PushQueue } from './hand-on.ts';
import { type HandedOn, planPush } from './push.ts';
import type { Wire } from './wire.ts';

export interface PushTools {
  store: Connections;
  wire: Wire;
  pushQueue: PushQueue;
  observer: ReturnType<typeof socketObserver>;
}

/** How long slow clients may hold up a batch of the stream. What they did not get by then is dropped for them. */
const LONGEST_SENDING_MS = 2000;
/**
 * How long a push may hold up a batch in all, if the table of connections or the queue does not answer. Both take milliseconds. By
 * themselves, the SDK's retries would take longer than the function has.
 */
const LONGEST_PUSH_MS = 5000;
/** A batch has few messages (push.ts), so that they need no limit. */
const PACE: Pace = { atOnce: 50, intervalMs: 0 };

/** What this instance of the function has handed on. Other instances do not know: clients drop older revisions. */
const handedOn: HandedOn = new Map();

/**
 * Pushes the events of a batch of the stream to the clients of the socket. It never throws: the bus and the other clients do
 * not wait for it, and clients catch up on what they miss.
 */
export async function push(events: readonly JobEvent[], tools: PushTools, longestMs = LONGEST_PUSH_MS): Promise<void> {
  const { store, pushQueue, observer } = tools;
  if (events.length === 0) return;
  const signal = AbortSignal.timeout(longestMs);
  const endsAt = Date.now() + longestMs;
  try {
    const { direct, big } = await planPush(events, store, new Date(), handedOn, signal);
    const [sent, parts] = await Promise.all([
      deliver(direct, { ...tools, endsAt: Math.min(endsAt, Date.now() + LONGEST_SENDING_MS), signal, pace: PACE }),
      big.length > 0 ? handOn(pushQueue, big, signal) : 0,
    ]);
    if (parts > 0) observer.handedOn(parts);
    if (sent > 0) observer.pushed(sent, Date.now() - Math.min(...events.map(({ time }) => Date.parse(time))));
  } catch (error) {
    observer.failed(error);
  } finally {
    observer.flush();
  }
}
