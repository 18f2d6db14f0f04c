/** An entry that a destination refused. */
export interface Refusal<Entry> {
  entry: Entry;
  /** The destination's own code, or the name of the error of the whole call. */
  code: string;
  /** Whether it will be refused each time, because of what the entry is. */
  forGood: boolean;
}

/** Where a reader of the table's stream delivers what it has read. */
export interface Destination<Entry> {
  /** Part of the name under which its refused entries are stored. */
  name: string;
  /** Sends entries, in order, until the signal. @returns those that were refused, and why */
  send(entries: readonly Entry[], signal: AbortSignal): Promise<Refusal<Entry>[]>;
}

/** What deliveries need besides their destination. */
export interface DeliveryTools<Entry> {
  /** Stores what a destination has refused to the end. If this throws, the event source delivers the batch again. */
  store(name: string, refusals: readonly Refusal<Entry>[]): Promise<void>;
  /** For how long a refused entry is sent again. */
  patienceMs: number;
  pause(milliseconds: number): Promise<unknown>;
}

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5000;
/**
 * When calls are given up: after this, what is left is stored. It is longer than one call to Firehose may take, and short
 * enough for what follows in a function that has 60 s.
 */
export const LONGEST_DELIVERY_MS = 20_000;

/** Codes of destinations that take more in a moment. A reader that waits for them slows down, as they want. */
const BUSY = /throttl|throughput|limit|unavailable|slow|toomany/i;

/**
 * Makes a delivery to a destination. A batch of the stream waits for it for 20 s at most; then what was refused is stored, and
 * the reader goes on. If a destination took nothing of a batch, although it is not busy, the next batch gets a single try: an
 * outage costs each batch little more than its calls.
 */
export function delivery<Entry>(destination: Destination<Entry>, { store, patienceMs, pause }: DeliveryTools<Entry>) {
  let down = false;
  return async (entries: readonly Entry[]): Promise<void> => {
    if (entries.length === 0) return;
    const signal = AbortSignal.timeout(LONGEST_DELIVERY_MS);
    const endsAt = Date.now() + LONGEST_DELIVERY_MS;
    const refused: Refusal<Entry>[] = [];
    let left = await send(entries);
    let waited = 0;
    for (let next = FIRST_PAUSE_MS; left.length > 0 && !down; next = Math.min(2 * next, LONGEST_PAUSE_MS)) {
      waited += next;
      if (waited > patienceMs || Date.now() + next > endsAt) break;
      await pause(next);
      left = await send(left.map(({ entry }) => entry));
    }
    down = left.length === entries.length && !left.some(({ code }) => BUSY.test(code));
    if (refused.length + left.length > 0) await store(destination.name, [...refused, ...left]);

    /** @returns what may be taken later */
    async function send(some: readonly Entry[]): Promise<Refusal<Entry>[]> {
      const refusals = await destination.send(some, signal);
      refused.push(...refusals.filter(({ forGood }) => forGood));
      return refusals.filter(({ forGood }) => !forGood);
    }
  };
}

/**
 * Makes calls one after the other. If one fails as a whole, its entries count as refused for now, and so do those of the calls
 * after it, which are not made: they would most likely fail, too, and overtake the entries before them.
 */
export async function sendCalls<Entry>(
  calls: readonly (readonly Entry[])[],
  call: (entries: readonly Entry[]) => Promise<Refusal<Entry>[]>,
): Promise<Refusal<Entry>[]> {
  const refusals: Refusal<Entry>[] = [];
  for (const [index, entries] of calls.entries()) {
    try {
      refusals.push(...(await call(entries)));
    } catch (thrown) {
      const code = (thrown as Error).name;
      const left = calls.slice(index).flat();
      return [...refusals, ...left.map((entry) => ({ entry, code, forGood: false }))];
    }
  }
  return refusals;
}
