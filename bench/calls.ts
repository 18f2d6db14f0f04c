import type { Calls, Deployed } from './deployed-engine.ts';
import { JOB_TYPE, runPipe } from './pipe.ts';
import { tableOf, verdict } from './table.ts';

const AIM = 3.5;
/** Enough that the lane is never empty between the first and the last moments. */
const JOBS = 1000;

/**
 * What AWS bills between the door and the outcome, by the counter's names. Two calls stand for a whole batch, so the
 * number depends on how full batches are: under load they are full, and a job that comes alone takes five calls.
 */
const DOOR_TO_SETTLED: Record<string, string> = {
  'Door.SendMessage': 'API Gateway puts the job into its lane',
  'EventSource.ReceiveMessage': 'Lambda takes a batch from the lane (empty polls are not counted)',
  'EventSource.DeleteMessageBatch': 'Lambda deletes what is done',
  'DynamoDB.UpdateItem': 'an attempt claims the job, and settles it',
  // a job that must come again, and one that failed or has a large result: none in this burst, or it shows
  'AmazonSQS.ChangeMessageVisibility': 'a message is shown again',
  'AmazonSQS.SendMessage': 'a message is sent again',
  'S3.PUT': 'a failed job is archived, a large result kept',
};

/** What follows on the table's stream: it tells about jobs, and no job waits for it. */
const OBSERVING: Record<string, string> = {
  'AWSEvents.PutEvents': 'events to the bus, ten a call',
  'Firehose.PutRecordBatch': 'facts to the lake, a packed record a call',
};

/** Counts the calls of a burst of inline jobs on the engine. @returns the table for people */
export async function measureCalls(deployed: Deployed): Promise<string> {
  // the first burst starts the functions, and a cold start's first batches are not full
  await runPipe(deployed, JOBS / 2);
  await deployed.calls.reset();
  await runPipe(deployed, JOBS);
  return callsTable(await deployed.calls.read(), JOBS);
}

/** The counts as a table, by job. What is in neither list is the burst's own: its requests, and how it looks on. */
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
    `AWS calls a job, counted over ${jobs} ${JOB_TYPE.name} jobs sent as fast as the door takes them (${perBatch.toFixed(1)} jobs a batch, of at most ${JOB_TYPE.batchSize})`,
    tableOf([
      ['door to settled', total.toFixed(2), verdict(total, AIM)],
      ...rows(DOOR_TO_SETTLED),
      ['beside it, observing', sum(OBSERVING).toFixed(2), ''],
      ...rows(OBSERVING),
    ]),
  ].join('\n');
}
