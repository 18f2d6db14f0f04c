import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { billOf, totalOf } from './bill.ts';
import { countsOf, metricsIn } from './counts.ts';
import { accessLogLine, type Settings } from './settings.ts';

const FUNCTION = { memoryMb: 512, traces: true, platformLines: false };
const READER = { ...FUNCTION, traces: false, batchSize: 100, windowSeconds: 5, batchesPerShard: 2 };
const SETTINGS: Settings = {
  sampling: { perSecond: 0, share: 0.01 },
  accessLogBytes: () => 1024,
  inspects: false,
  readers: [
    { ...READER, name: 'streams-on-job-changed' },
    { ...READER, name: 'analytics-on-job-changed' },
  ],
  lakeIntervalSeconds: 300,
  functionOf: () => FUNCTION,
};
const BURST = { name: 'burst', jobsPerSecond: 100 } as const;

const row = { pk: 'a', listKey: 'l', status: 'RUNNING' };
const settled = { ...row, status: 'SUCCEEDED', result: 'x'.repeat(1100) };
const INDEX = { keys: ['listKey'], projected: ['listKey', 'pk'] };

/** Two jobs in one batch, each claimed and settled with a result of more than 1 KB. */
const counts = countsOf(
  {
    jobs: 2,
    events: 2,
    calls: {
      'Door.SendMessage': 2,
      'EventSource.ReceiveMessage': 1,
      'EventSource.DeleteMessageBatch': 1,
      // the events of both jobs in one call, and a message of the job's own
      'SNS.POST': 2,
      'SNS.PublishBatch': 1,
      // by the run itself, to read the events
      'AmazonSQS.ReceiveMessage': 7,
    },
    recording: {
      writes: ['a', 'b'].flatMap((pk) => [
        { table: 'spillway-local-jobs', before: undefined, after: { ...row, pk }, transaction: false },
        { table: 'spillway-local-jobs', before: { ...row, pk }, after: { ...settled, pk }, transaction: false },
        { table: 'other', before: undefined, after: { pk }, transaction: true },
      ]),
      invocations: [
        { function: 'processing-local-csv-import', lines: ['x'.repeat(1024)] },
        { function: 'streams-local-on-job-changed', lines: [] },
        { function: 'analytics-local-on-job-changed', lines: ['x'.repeat(512)] },
      ],
    },
  },
  'spillway-local-jobs',
  { 'spillway-local-jobs': [INDEX] },
);

describe('the counts of a run', () => {
  it('counts the units of rows and indexes, and those of own tables separately', () => {
    // claim 1 and settle 2 for each job; the index is written by the claim alone
    expect(counts.units).toEqual({ table: 6, indexes: 2, ownTables: 4 });
    expect(counts.changes).toBe(4);
  });

  it('counts each call to a lane, but not the calls of the measuring itself', () => {
    expect(counts.queueCalls).toBe(4);
  });

  it('counts the calls for the topic of events apart from a job’s own messages', () => {
    expect([counts.topicCalls, counts.publishes]).toEqual([1, 1]);
  });

  it('names each metric of a log line in the embedded metric format once per set of dimensions', () => {
    const line = JSON.stringify({
      service: 'jobs',
      jobType: 'csv-import',
      Succeeded: 1,
      _aws: {
        CloudWatchMetrics: [{ Namespace: 'N', Dimensions: [['service', 'jobType']], Metrics: [{ Name: 'Succeeded' }] }],
      },
    });
    expect(metricsIn(line)).toEqual(['N Succeeded service=jobs jobType=csv-import']);
    expect(metricsIn('plain text')).toEqual([]);
  });
});

describe('the bill', () => {
  const { platform, own, kept } = billOf(csvImport, counts, BURST, SETTINGS);

  it('prices what was counted for a million jobs by hand-computed amounts', () => {
    expect(platform['API Gateway']).toBeCloseTo(3.5, 6);
    // one send, half a receive and half a delete
    expect(platform['SQS, lane']).toBeCloseTo(2 * 0.4, 6);
    expect(platform['SQS, fair queue']).toBeCloseTo(0.1, 6);
    expect(platform['DynamoDB, rows']).toBeCloseTo(3 * 0.625, 6);
    expect(platform['DynamoDB, indexes']).toBeCloseTo(0.625, 6);
    expect(platform.EventBridge).toBeCloseTo(1, 6);
    expect(platform['SQS, inspection']).toBe(0);
    expect(platform['Lambda requests, consumer']).toBeCloseTo(0.5 * 0.2, 6);
    // 512 bytes a job
    expect(platform['logs, consumer']).toBeCloseTo((0.5 * 512e6) / 2 ** 30, 6);
    expect(own['DynamoDB, own tables']).toBeCloseTo(2 * 0.625, 6);
  });

  it('prices what is modelled by hand-computed amounts', () => {
    // two readers with batches of 50 jobs
    expect(platform['~ Lambda requests, readers']).toBeCloseTo((2 / 50) * 0.2, 6);
    // one request in a hundred, at the API and at the consumer
    expect(platform['~ X-Ray']).toBeCloseTo(0.02 * 5, 6);
    // half a unit for each of those batches that looks up webhooks
    expect(platform['~ DynamoDB, webhooks']).toBeCloseTo((0.5 / 50) * 0.125, 6);
    // (8 + 3 / 2) ms of a whole CPU, and 10 ms of waiting
    const seconds = ((9.5 * 1769) / 512 + 10) / 1000;
    expect(platform['~ Lambda time, consumer']).toBeCloseTo(seconds * 0.5 * 13.3334, 4);
    // 150 facts of 390 bytes are 12 times 5 KB
    expect(platform['~ Firehose']).toBeCloseTo(((12 * 5120) / 50 / 2 ** 30) * (0.029 + 0.018) * 1e6, 6);
  });

  it('prices at most one look-up of webhooks for a job that comes alone, and none for a delivery to a webhook', () => {
    const trickle = { name: 'trickle', jobsPerSecond: 0.001 } as const;
    const lookups = (jobType: JobType) => billOf(jobType, counts, trickle, SETTINGS).platform['~ DynamoDB, webhooks'];
    expect(lookups(csvImport)).toBeCloseTo(0.0625, 3);
    expect(lookups(webhookDelivery)).toBe(0);
  });

  it('adds up its lines', () => {
    expect(totalOf({ one: 1, two: 2 })).toBe(3);
    expect(totalOf(platform)).toBeGreaterThan(8);
    expect(totalOf(kept)).toBeGreaterThan(0);
  });

  it('prices the inspection queue, the platform lines and readers that trace, where a stage has them', () => {
    const chatty = { ...FUNCTION, platformLines: true };
    const bill = billOf(csvImport, counts, BURST, {
      ...SETTINGS,
      inspects: true,
      functionOf: () => chatty,
      readers: SETTINGS.readers.map((reader) => ({ ...reader, traces: true })),
    });
    expect(bill.platform['SQS, inspection']).toBeCloseTo(0.4, 6);
    expect(bill.platform['logs, consumer']).toBeCloseTo((0.5 * (512 + 295 / 2) * 1e6) / 2 ** 30, 6);
    expect(bill.platform['~ X-Ray']).toBeGreaterThan(platform['~ X-Ray'] ?? 0);
  });
});

describe('the bill of a durable job', () => {
  const once = { invocations: 2, logBytes: 0 };
  const step = (name: string) => [`processing-document-approval-${name}`, once] as const;
  const durable = {
    ...counts,
    executions: 0,
    starts: 2,
    functions: {
      ...Object.fromEntries(['prepare', 'ask', 'publish'].map(step)),
      'ingress-api-decide-job': once,
      'processing-every-minute': once,
    },
  };
  const { platform, own } = billOf(documentApproval, durable, BURST, SETTINGS);

  it('prices each state that its workflow enters, and its start', () => {
    expect(own['~ Step Functions, transitions']).toBeCloseTo(5 * 25, 6);
    expect(own['~ Step Functions, time']).toBe(0);
  });

  it('prices the request that decides, and no function that ran on a schedule meanwhile', () => {
    const seconds = ((13 * 1769) / 512 + 10) / 1000;
    expect(platform['~ decisions']).toBeCloseTo(3.5 + 0.2 + seconds * 0.5 * 13.3334, 4);
    expect(own['Lambda requests, steps']).toBeCloseTo(3 * 0.2, 6);
  });
});

describe('a line of the access log', () => {
  it('fills in the variables of the access log’s format', () => {
    const line = accessLogLine('{"r":"$context.resourcePath","s":"$context.status","e":"$context.error.x"}', '/jobs/a');
    expect(line).toBe('{"r":"/jobs/a","s":"202","e":"-"}');
  });
});
