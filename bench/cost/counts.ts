import { itemBytes } from '@spillway/shared/job-store/item-size.ts';
import type { Calls } from '../deployed-engine.ts';
import { STORED_BYTES } from './model.ts';
import type { Recording } from './recording.ts';
import { ofType, type Templates } from './templates.ts';
import { entryOf, type Index, type Item, indexUnits, tableUnits, type Write } from './write-units.ts';

/** What a run of jobs of one type used. */
export interface Counts {
  jobs: number;
  /** The batches in which the consumer got the jobs. */
  batches: number;
  /** Calls to the lane: sends, receives, deletes and changes of the visibility. */
  queueCalls: number;
  /** Events on the bus. */
  events: number;
  /** Changes of the jobs table, which the readers of its stream get. */
  changes: number;
  units: { table: number; indexes: number; ownTables: number };
  /**
   * Reads of a row. Each is consistent and below 4 KB, which is one unit, also if there is no such row. Look-ups of webhooks
   * are queries, which are modelled.
   */
  reads: number;
  /** What DynamoDB stores of all jobs: with the indexes, and in the table alone. */
  storedBytes: { all: number; table: number };
  puts: number;
  publishes: number;
  /** Calls that publish events on the topic, up to ten in each. */
  topicCalls: number;
  /** Of Express workflows. */
  executions: number;
  /** Of Standard workflows. */
  starts: number;
  /** Invocations and log lines by function, without the stage. */
  functions: Record<string, { invocations: number; logBytes: number }>;
  /** The custom metrics, each with its dimensions. */
  metrics: string[];
}

/** A finished run, as the engine saw it. */
export interface Run {
  jobs: number;
  events: number;
  calls: Calls;
  recording: Recording;
}

const QUEUE_CALLS = [
  'Door.SendMessage',
  'EventSource.ReceiveMessage',
  'EventSource.DeleteMessageBatch',
  'AmazonSQS.ChangeMessageVisibility',
  'AmazonSQS.SendMessage',
];

/** The reader that pushes looks up, in one call for each batch, whether a job's tenant has a connection. */
const READ_CALLS = ['DynamoDB.GetItem', 'DynamoDB.BatchGetItem'];

/** @param indexes the indexes of each table */
export function countsOf(
  { jobs, events, calls, recording }: Run,
  jobsTable: string,
  indexes: Record<string, Index[]>,
): Counts {
  const { writes, invocations } = recording;
  const ofJobs = writes.filter(({ table }) => table === jobsTable);
  const own = writes.filter(({ table }) => table !== jobsTable);
  const call = (name: string) => calls[name] ?? 0;
  const indexUnitsOf = (write: Write) => sum((indexes[write.table] ?? []).map((index) => indexUnits(write, index)));
  const rows = [...new Map(ofJobs.flatMap(({ after }) => (after ? [[after.pk, after] as const] : []))).values()];
  return {
    jobs,
    events,
    batches: call('EventSource.ReceiveMessage'),
    queueCalls: sum(QUEUE_CALLS.map(call)),
    changes: ofJobs.length,
    units: {
      table: sum(ofJobs.map(tableUnits)),
      indexes: sum(ofJobs.map(indexUnitsOf)),
      ownTables: sum(own.map((write) => tableUnits(write) + indexUnitsOf(write))),
    },
    reads: sum(READ_CALLS.map(call)),
    storedBytes: {
      all: sum(rows.flatMap((row) => [row, ...entriesOf(row, indexes[jobsTable] ?? [])]).map(storedBytes)),
      table: sum(rows.map(storedBytes)),
    },
    puts: call('S3.PUT'),
    // every call to SNS that is not the platform's own
    publishes: call('SNS.POST') - call('SNS.PublishBatch') - call('SNS.GetTopicAttributes'),
    topicCalls: call('SNS.PublishBatch'),
    executions: call('AWSStepFunctions.StartSyncExecution'),
    starts: call('AWSStepFunctions.StartExecution'),
    functions: functionsOf(invocations),
    metrics: [...new Set(invocations.flatMap(({ lines }) => lines.flatMap(metricsIn)))].sort(),
  };
}

export const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);

const storedBytes = (item: Item) => itemBytes(item) + STORED_BYTES;

const entriesOf = (row: Item, indexes: Index[]): Item[] =>
  indexes.map((index) => entryOf(row, index)).filter((entry) => entry !== undefined);

function functionsOf(invocations: Recording['invocations']): Counts['functions'] {
  const functions: Counts['functions'] = {};
  for (const { function: name, lines } of invocations) {
    const short = name.replace('-local-', '-');
    const { invocations: before, logBytes } = functions[short] ?? { invocations: 0, logBytes: 0 };
    functions[short] = {
      invocations: before + 1,
      logBytes: logBytes + sum(lines.map((line) => Buffer.byteLength(line))),
    };
  }
  return functions;
}

/** The metrics that a log line contains in CloudWatch's embedded metric format. */
export function metricsIn(line: string): string[] {
  if (!line.includes('"CloudWatchMetrics"')) return [];
  const fields = JSON.parse(line);
  const sets: { Namespace: string; Dimensions: string[][]; Metrics: { Name: string }[] }[] =
    fields._aws.CloudWatchMetrics;
  return sets.flatMap(({ Namespace, Dimensions, Metrics }) =>
    Dimensions.flatMap((names) =>
      Metrics.map(({ Name }) => [Namespace, Name, ...names.map((name) => `${name}=${fields[name]}`)].join(' ')),
    ),
  );
}

/** The indexes of each table of the local stage, from the compiled templates. */
export function indexesIn(templates: Templates): Record<string, Index[]> {
  const tables = ofType(templates, 'AWS::DynamoDB::Table').map(([, { Properties }]) => {
    const { TableName, KeySchema, GlobalSecondaryIndexes = [] } = Properties as TableProperties;
    const indexes = GlobalSecondaryIndexes.map(({ KeySchema: own, Projection }) => {
      const keys = own.map(({ AttributeName }) => AttributeName);
      const held = [
        ...keys,
        ...KeySchema.map(({ AttributeName }) => AttributeName),
        ...(Projection.NonKeyAttributes ?? []),
      ];
      return { keys, ...(Projection.ProjectionType !== 'ALL' && { projected: held }) };
    });
    return [TableName.replace('-solo-', '-local-'), indexes] as const;
  });
  return Object.fromEntries(tables);
}

interface TableProperties {
  TableName: string;
  KeySchema: { AttributeName: string }[];
  GlobalSecondaryIndexes?: {
    KeySchema: { AttributeName: string }[];
    Projection: { ProjectionType: string; NonKeyAttributes?: string[] };
  }[];
}
