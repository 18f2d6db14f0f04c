import type { Calls, Deployed } from './deployed-engine.ts';
import { JOB_TYPE, runPipe } from './pipe.ts';
import { tableOf, verdict } from './table.ts';

const TARGET = 3.5;
/** Enough that the lane is never empty, except at the start and at the end. */
const JOBS = 1000;

/**
 * The calls that AWS bills from the front door to the outcome, as the counter names them. Two of them are made per batch,
 * so the number depends on how full the batches are: under load they are full, while a single job takes five calls.
 */
const DOOR_TO_SETTLED: Record<string, string> = {
  'Door.SendMessage': 'API Gateway puts the job into its lane',
  'EventSource.ReceiveMessage': 'Lambda takes a batch from the lane (empty polls are not counted)',
  'EventSource.DeleteMessageBatch': 'Lambda deletes the messages of finished jobs',
  'DynamoDB.UpdateItem': 'an attempt claims the job and settles it',
  // only for jobs that must come again, that fail, or that have a large result: this burst should have none
  'AmazonSQS.ChangeMessageVisibility': 'a message is made visible again',
  'AmazonSQS.SendMessage': 'a message is sent again',
  'S3.PUT': 'a failed job is archived, or a large result is stored',
};

/** The calls of the readers of the table's stream. No job waits for them. */
const OBSERVING: Record<string, string> = {
  'AWSEvents.PutEvents': 'events to the bus, ten per call',
  'SNS.PublishBatch': 'events to the topic, ten per call, if anybody is subscribed',
  'DynamoDB.BatchGetItem': 'whether the tenant of a batch has a connection of the socket',
  'Firehose.PutRecordBatch': 'facts to the lake, one packed record per call',
};

/** Counts the calls of a burst of inline jobs on the engine. @returns the result as a table */
export async function measureCalls(deployed: Deployed): Promise<string> {
  // the first burst starts the functions; during cold starts the batches are not full
  await runPipe(deployed, JOBS / 2);
  await deployed.calls.reset();
  await runPipe(deployed, JOBS);
  return callsTable(await deployed.calls.read(), JOBS);
}

/** The counts per job as a table. Calls in neither list are made by the burst itself, to send jobs and to watch them. */
export function callsTable(calls: Calls, jobs: number): string {
  const sum = (names: Record<string, string>) =>
    Object.keys(names).reduce((total, name) => total + (calls[name] ?? 0), 0) / jobs;
  const rows = (names: Record<string, string>) =>
    Object.entries(names)
      .filter(([name]) => calls[name])
      .map(([name, what]) => [`  ${name}`, ((calls[name] ?? 0) / jobs).toFixed(2), what]);
  const perBatch = jobs / (calls['EventSource.ReceiveMessage'] ?? jobs);
  const total = sum(DOOR_TO_SETTLED);
  return [
    `AWS calls per job, counted over ${jobs} ${JOB_TYPE.name} jobs, sent as fast as the front door accepts them (${perBatch.toFixed(1)} jobs a batch, of at most ${JOB_TYPE.batchSize})`,
    tableOf([
      ['door to settled', total.toFixed(2), verdict(total, TARGET)],
      ...rows(DOOR_TO_SETTLED),
      ['in addition, observing', sum(OBSERVING).toFixed(2), ''],
      ...rows(OBSERVING),
    ]),
  ].join('\n');
}
