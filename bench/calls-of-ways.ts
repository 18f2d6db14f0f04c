import type { Calls } from './deployed-engine.ts';
import { tableOf } from './table.ts';

/** The functions that only observe jobs, or come each minute. No job waits for them. */
const OBSERVERS = /-(on-job-changed|on-push|every-minute|tick-[a-z-]+)$/;
/** What the engine counts of them without knowing the function. */
const TOPIC = /^SNS\.(PublishBatch|GetTopicAttributes)$/;
/** What clients send to the front door. Requests that only read are the benchmark's own. */
const REQUEST = /^Door\.(POST|PUT|PATCH|DELETE)$/;
/** What AWS calls on its own. All other calls of no function are made by the benchmark, to follow the jobs. */
const INTERNAL = /^(Door\.SendMessage|EventSource\..*)$/;
/** A batch for a topic, which is counted as what it is, too. */
const COUNTED_AGAIN = 'SNS.POST';

type Kind = 'requests' | 'until the outcome' | 'in addition, observing';
const KINDS: Kind[] = ['requests', 'until the outcome', 'in addition, observing'];

/** Which calls of a function count, and as what; undefined for those that the benchmark makes itself. */
function kindOf(functionName: string, call: string): Kind | undefined {
  if (call === COUNTED_AGAIN) return undefined;
  if (TOPIC.test(call) || OBSERVERS.test(functionName)) return 'in addition, observing';
  if (functionName) return 'until the outcome';
  if (REQUEST.test(call)) return 'requests';
  return INTERNAL.test(call) ? 'until the outcome' : undefined;
}

/**
 * Calls per job as a table, with a column for each way.
 *
 * @param counted the calls of each function, for each way
 */
export function waysTable(counted: Readonly<Record<string, Readonly<Record<string, Calls>>>>, jobs: number): string {
  const ways = Object.values(counted).map((byFunction) =>
    Object.entries(byFunction).flatMap(([functionName, calls]) =>
      Object.entries(calls).map(([call, count]) => ({ kind: kindOf(functionName, call), call, count })),
    ),
  );
  const cells = (counts: (kind: Kind | undefined, call: string) => boolean) =>
    ways.map((way) => {
      const some = way.filter(({ kind, call }) => counts(kind, call));
      return (some.reduce((total, { count }) => total + count, 0) / jobs).toFixed(2);
    });
  const rowsOf = (kind: Kind) => {
    const names = [...new Set(ways.flatMap((way) => way.filter((each) => each.kind === kind).map(({ call }) => call)))];
    const rows = names.sort().map((name) => [`  ${name}`, ...cells((each, call) => each === kind && call === name)]);
    return [
      [kind, ...cells((each) => each === kind)],
      ...rows.filter((row) => row.slice(1).some((cell) => cell !== '0.00')),
    ];
  };
  return [
    `AWS calls per job of ${jobs} jobs, sent as fast as the front door accepts them`,
    tableOf([['', ...Object.keys(counted)], ...KINDS.flatMap(rowsOf)]),
  ].join('\n');
}
