/** What happens to a worker. */
export type FaultKind =
  /** It is killed. */
  | 'kill'
  /** It stands still for a moment, within its lease. */
  | 'freeze'
  /** It stands still until its lease has ended, and then goes on: a late worker. */
  | 'late';

export interface Fault {
  kind: FaultKind;
  /** The time since the fault before, in milliseconds. */
  afterMs: number;
  /** Which of the candidates it hits, as a share of their number: from 0 to less than 1. */
  pick: number;
  /** How long it lasts, as a share of the possible range: from 0 to less than 1. */
  length: number;
}

const LONGEST_PAUSE_MS = 400;
/** One in ten is late, because only few of them fit into the time of a burst. */
const SHARES: readonly [FaultKind, number][] = [
  ['kill', 0.6],
  ['freeze', 0.3],
  ['late', 0.1],
];

/** The faults of a run. The same seed gives the same plan; whom it hits also depends on the machine. */
export function planFaults(seed: number, count: number): Fault[] {
  const random = randomNumbers(seed);
  return Array.from({ length: count }, () => ({
    kind: kindAt(random()),
    afterMs: Math.round(random() * LONGEST_PAUSE_MS),
    pick: random(),
    length: random(),
  }));
}

function kindAt(position: number): FaultKind {
  let end = 0;
  for (const [kind, share] of SHARES) {
    end += share;
    if (position < end) return kind;
  }
  return 'kill';
}

/** Numbers from 0 to less than 1 that follow from a seed (Mulberry32). */
function randomNumbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
