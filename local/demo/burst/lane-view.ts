/** How far a burst is in one lane. */
export interface Lane {
  name: string;
  /** How many jobs the burst sends to it. */
  total: number;
  accepted: number;
  settled: number;
}

/** The lanes at one moment of the burst. */
export interface Moment {
  /** Seconds since the burst started. */
  seconds: number;
  lanes: readonly Lane[];
  /** Seconds since something moved. 0 by default. */
  idleSeconds?: number;
  /** For how many seconds the burst still waits if nothing moves. */
  patienceSeconds?: number;
}

/** From then on, a person may think that it hangs. */
const LONG_IDLE_SECONDS = 20;

/** Throughput is measured over the last seconds, so that it shows what is happening now. */
const WINDOW_SECONDS = 5;
const BAR_WIDTH = 22;
/** With this, a row with its numbers is 79 columns wide. A job type's name may have 40 characters. */
const LONGEST_NAME = 16;
const LEGEND = '█ settled   ▒ waiting or running   · not sent yet';

/** Describes a burst lane by lane. It remembers the last moments to compute the throughput. */
export function laneView() {
  const moments: Moment[] = [];

  function note(moment: Moment): void {
    moments.push(moment);
    while (moments.length > 2 && moment.seconds - (moments[1]?.seconds ?? 0) >= WINDOW_SECONDS) moments.shift();
  }

  /** Settled jobs a second, between the first moment in the window and the last. */
  function rate(settledIn: (lanes: readonly Lane[]) => number): number {
    const [first, last] = [moments[0], moments.at(-1)];
    if (!first || !last || last.seconds === first.seconds) return 0;
    // a replay takes a failed job's outcome away for a while
    return Math.max(0, settledIn(last.lanes) - settledIn(first.lanes)) / (last.seconds - first.seconds);
  }

  const rateOf = (name: string) => rate((lanes) => lanes.find((lane) => lane.name === name)?.settled ?? 0);

  return {
    /** A bar for each lane and one for all lanes, each narrower than 80 columns. */
    draw(moment: Moment): string {
      note(moment);
      const all = { name: 'all lanes', ...sumOf(moment.lanes) };
      const width = Math.max(...[...moment.lanes, all].map(({ name }) => shortened(name).length));
      const head = `  ${''.padEnd(width + BAR_WIDTH + 2)}${'settled'.padStart(12)}${'waiting'.padStart(9)}${'jobs/s'.padStart(8)}${'left'.padStart(8)}`;
      const row = (lane: Lane, perSecond: number) =>
        `  ${shortened(lane.name).padEnd(width)}  ${barOf(lane)}${numbersOf(lane, perSecond)}`;
      return [
        head,
        ...moment.lanes.map((lane) => row(lane, rateOf(lane.name))),
        row(all, rate(settled)),
        '',
        `  ${LEGEND}`,
        ...waitOf(moment),
      ].join('\n');
    },

    /** All lanes in one line, for a log. */
    describe(moment: Moment): string {
      note(moment);
      const { accepted, settled: done, total } = sumOf(moment.lanes);
      const perSecond = rate(settled);
      const counts = `  accepted ${accepted} of ${total}, settled ${done}`;
      const pace = done === total ? '' : `, ${perSecond.toFixed(0)} jobs/s, ${timeLeft(total - done, perSecond)} left`;
      return [`${counts}${pace}`, ...waitOf(moment)].join('\n');
    },
  };
}

/** Whether nothing has moved for a while. */
export const isIdle = ({ idleSeconds = 0 }: Moment): boolean => idleSeconds >= LONG_IDLE_SECONDS;

/** What the burst waits for, and for how long, once nothing has moved for a while. */
function waitOf(moment: Moment): string[] {
  if (!isIdle(moment)) return [];
  const { lanes, idleSeconds = 0, patienceSeconds = 0 } = moment;
  const open = lanes.filter(({ accepted, settled: done }) => done < accepted);
  const counts = open.map(({ accepted, settled: done }) => String(accepted - done));
  const width = Math.max(...counts.map(({ length }) => length));
  return [
    '',
    `  Nothing has moved for ${Math.floor(idleSeconds)} s. Waiting up to ${inMinutes(patienceSeconds)} more for:`,
    ...open.map(({ name }, index) => `    ${counts[index]?.padStart(width)} ${name}`),
    '  A job whose consumer ended continues when its message becomes visible again.',
    '  On a busy machine, events may have been refused and stored. To publish them:',
    '  "npm run spillway -- events resend --yes"',
  ];
}

const inMinutes = (seconds: number) => (seconds < 120 ? `${Math.ceil(seconds)} s` : `${Math.ceil(seconds / 60)} min`);

const shortened = (name: string) => (name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name);

function barOf({ total, accepted, settled: done }: Lane): string {
  const full = Math.floor((done / total) * BAR_WIDTH);
  const waiting = Math.ceil((accepted / total) * BAR_WIDTH) - full;
  return `${'█'.repeat(full)}${'▒'.repeat(waiting)}`.padEnd(BAR_WIDTH, '·');
}

function numbersOf({ total, accepted, settled: done }: Lane, perSecond: number): string {
  const cells = [
    `${done}/${total}`.padStart(12),
    String(accepted - done).padStart(9),
    perSecond.toFixed(0).padStart(8),
  ];
  return `${cells.join('')}${timeLeft(total - done, perSecond).padStart(8)}`;
}

function timeLeft(jobs: number, perSecond: number): string {
  if (jobs === 0) return 'done';
  return perSecond === 0 ? '?' : `${Math.ceil(jobs / perSecond)} s`;
}

const settled = (lanes: readonly Lane[]) => sumOf(lanes).settled;

const sumOf = (lanes: readonly Lane[]) => ({
  total: lanes.reduce((sum, lane) => sum + lane.total, 0),
  accepted: lanes.reduce((sum, lane) => sum + lane.accepted, 0),
  settled: lanes.reduce((sum, lane) => sum + lane.settled, 0),
});
