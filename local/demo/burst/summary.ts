import { OUTCOMES, type Outcome } from '@spillway/shared/contracts/job.ts';
import type { Facts } from './count-facts.ts';
import { countWaysIn, type Ways } from './ways.ts';

/** The result of a burst. */
export interface Summary {
  /** The W3C trace id of all its jobs, by which `spillway report --trace` finds them. */
  traceId: string;
  accepted: number;
  /** Accepted jobs, by how they came or what was to happen to them. */
  ways: Ways;
  /** Settled jobs that did not go as planned, by way. */
  missed: Ways;
  settled: number;
  /** Settled jobs, by outcome. */
  outcomes: Readonly<Record<Outcome, number>>;
  /** Waiting or running when the burst's patience ended. */
  unfinished: number;
  /** In no place. */
  lost: number;
  doubled: number;
  /** Milliseconds from accepted to settled. */
  latencies: readonly number[];
  /** From the first submit to the last outcome. */
  seconds: number;
  events: number;
  facts: Facts;
  webhooks: number;
}

/** The number that a share of the numbers does not exceed (nearest rank). 0 if there are no numbers. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
}

const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** `9 succeeded, 1 expired`: outcomes that no job had are left out, except success. */
const namedCounts = (outcomes: Summary['outcomes']) =>
  OUTCOMES.filter((outcome) => outcome === 'SUCCEEDED' || outcomes[outcome] > 0)
    .map((outcome) => `${outcomes[outcome]} ${outcome.toLowerCase()}`)
    .join(', ');

/** `80 single, 20 batch` */
const namedWays = (ways: Ways) =>
  Object.entries(ways)
    .map(([way, count]) => `${count} ${way}`)
    .join(', ');

const hasMissed = ({ missed }: Pick<Summary, 'missed'>) => Object.keys(missed).length > 0;

/** Whether the burst went as it must: no job is lost, settled twice or unfinished, and each went its way. */
export const isGood = (summary: Summary): boolean =>
  summary.lost === 0 && summary.doubled === 0 && summary.unfinished === 0 && !hasMissed(summary);

/** The summary as a table. */
export function tableOf(summary: Summary): string {
  const { accepted, ways, missed, settled, outcomes, unfinished, lost, doubled } = summary;
  const { latencies, events, facts, webhooks } = summary;
  const rows: [string, string][] = [
    ['accepted', Object.keys(ways).length > 1 ? `${accepted} (${namedWays(countWaysIn(ways))})` : String(accepted)],
    ['settled', `${settled} (${namedCounts(outcomes)})`],
    ...(ways.replayed ? [['replayed', `${ways.replayed}, after they had failed`] as [string, string]] : []),
    ...(unfinished > 0 ? [['unfinished', String(unfinished)] as [string, string]] : []),
    ...(hasMissed(summary) ? [['not as planned', namedWays(missed)] as [string, string]] : []),
    ['lost, doubled', `${lost}, ${doubled}`],
    [
      'accepted → settled',
      [0.5, 0.95, 0.99].map((share) => `p${share * 100} ${seconds(percentile(latencies, share))}`).join('  '),
    ],
    ['jobs a second', (settled / summary.seconds).toFixed(0)],
    ['events on the bus', String(events)],
    [
      'facts in the lake',
      facts.repeated > 0 ? `${facts.distinct} (and ${facts.repeated} duplicates)` : String(facts.distinct),
    ],
    ['webhooks delivered', String(webhooks)],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join('\n');
}

/** One sentence that says what the burst proved, or what went wrong. */
export function verdictOn({ accepted, missed, settled, unfinished, lost, doubled }: Summary): string {
  if (lost > 0 || doubled > 0) return `${lost} jobs were lost and ${doubled} were settled twice: this must not happen.`;
  if (unfinished === 0) {
    const once = `Each of the ${accepted} accepted jobs was settled exactly once`;
    return hasMissed({ missed }) ? `${once}, but not all went as planned: ${namedWays(missed)}.` : `${once}.`;
  }
  return `None of the ${accepted} accepted jobs is lost: ${settled} were settled exactly once, and ${unfinished} are still waiting or running.`;
}
