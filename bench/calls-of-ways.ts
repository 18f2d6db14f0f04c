import type { Calls } from './deployed-engine.ts';
import { tableOf } from './table.ts';

/**
 * Calls that the benchmark itself makes to follow the jobs, and requests that are counted again as what they cause. Decisions
 * are requests, too.
 */
const OWN = /^(AmazonSQS\.(ReceiveMessage|DeleteMessageBatch)|Door\.GET|Other\..*|EXECUTE-API\..*|SNS\.POST)$/;
/** The calls of the readers of the table's stream, and of the tick that comes each minute. No job waits for them. */
const OBSERVING = [
  'AWSEvents.PutEvents',
  'SNS.PublishBatch',
  'Firehose.PutRecordBatch',
  'DynamoDB.BatchGetItem',
  'DynamoDB.Query',
];

/** Calls per job as a table, with a column for each way. */
export function waysTable(counted: Readonly<Record<string, Calls>>, jobs: number): string {
  const ways = Object.values(counted);
  const names = [...new Set(ways.flatMap((calls) => Object.keys(calls)))].filter((name) => !OWN.test(name)).sort();
  const cells = (count: (calls: Calls) => number) => ways.map((calls) => (count(calls) / jobs).toFixed(2));
  const sumOf = (some: readonly string[]) => (calls: Calls) =>
    some.reduce((total, name) => total + (calls[name] ?? 0), 0);
  const [observing, others] = [
    names.filter((name) => OBSERVING.includes(name)),
    names.filter((name) => !OBSERVING.includes(name)),
  ];
  const rows = (some: readonly string[]) =>
    some
      .map((name) => [`  ${name}`, ...cells((calls) => calls[name] ?? 0)])
      .filter((row) => row.slice(1).some((cell) => cell !== '0.00'));
  return [
    `AWS calls per job of ${jobs} jobs, sent as fast as the front door accepts them`,
    tableOf([
      ['', ...Object.keys(counted)],
      ['until the outcome', ...cells(sumOf(others))],
      ...rows(others),
      ['in addition, observing', ...cells(sumOf(observing))],
      ...rows(observing),
    ]),
  ].join('\n');
}
