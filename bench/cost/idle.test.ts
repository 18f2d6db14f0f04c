import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { totalOf } from './bill.ts';
import { idleLane, idleMonth } from './idle.ts';
import type { Resource } from './templates.ts';

const mapping = (queue: string, MaximumConcurrency?: number): Resource => ({
  Type: 'AWS::Lambda::EventSourceMapping',
  Properties: {
    EventSourceArn: { 'Fn::GetAtt': [queue, 'Arn'] },
    ...(MaximumConcurrency && { ScalingConfig: { MaximumConcurrency } }),
  },
});
/** Calls in a month, by how many of them there are in a minute. */
const polls = (aMinute: number, perMillion: number) => (aMinute * 43_800 * perMillion) / 1e6;
const queue = (properties = {}): Resource => ({ Type: 'AWS::SQS::Queue', Properties: properties });
const alarm = (properties = {}): Resource => ({ Type: 'AWS::CloudWatch::Alarm', Properties: properties });

const RESOURCES = {
  CsvImportLane: queue(),
  CsvImportDeadLetters: queue(),
  CsvImportMapping: mapping('CsvImportLane', 4),
  OtherQueue: queue(),
  OtherMapping: mapping('OtherQueue'),
  Reader: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      FunctionName: 'processing-solo-tick-dead-letters',
      MemorySize: 512,
      Environment: {
        Variables: {
          DEAD_LETTER_QUEUES:
            'arn:aws:sqs:r:1:spillway-solo-csv-import-dlq,arn:aws:sqs:r:1:spillway-solo-ledger-posting-dlq.fifo',
        },
      },
    },
  },
  ReaderSchedule: {
    Type: 'AWS::Events::Rule',
    Properties: { ScheduleExpression: 'rate(4 minutes)', Targets: [{ Arn: { 'Fn::GetAtt': ['Reader', 'Arn'] } }] },
  },
  CatchAll: { Type: 'AWS::Events::Rule', Properties: { EventPattern: {} } },
  CsvImportAgeAlarm: alarm(),
  LedgerPostingLane: queue({ FifoQueue: true }),
  LedgerPostingMapping: mapping('LedgerPostingLane', 2),
  SilentAlarm: alarm({ Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] }),
  Stream: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: 'arn:aws:dynamodb:…' } },
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
};

describe('an idle month', () => {
  it('prices alarms by the metrics that they read, keys, and the polling of queues', () => {
    const idle = idleMonth(RESOURCES);
    expect(idle.alarms).toBeCloseTo(3 * 0.1, 10);
    expect(idle['KMS keys']).toBe(1);
    // a standard queue without a maximum concurrency is polled by two pollers only
    expect(idle.polling).toBeCloseTo(polls(15, 0.4) + polls(6, 0.4) + polls(15, 0.5), 10);
  });

  it('prices the runs of a scheduled function by its memory, and by the queues that it reads', () => {
    const gbSeconds = 1.05 * 0.5 * 1.33334e-5;
    expect(idleMonth(RESOURCES).schedules).toBeCloseTo(10_950 * (0.2e-6 + gbSeconds + 0.4e-6 + 0.5e-6), 10);
  });

  it('prices the reads of a tick that finds nothing in the due index', () => {
    const Tick = {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'processing-solo-every-minute', MemorySize: 512 },
    };
    const Rule = {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'cron(* * * * ? *)', Targets: [{ Arn: { 'Fn::GetAtt': ['Tick', 'Arn'] } }] },
    };
    const readUnits = 16 * 0.5;
    const aRun = 0.2e-6 + 0.05 * 0.5 * 1.33334e-5 + readUnits * 0.125e-6;
    expect(idleMonth({ Tick, Rule }).schedules).toBeCloseTo(43_800 * aRun, 10);
  });

  it('prices the tick of the socket and the polling of its FIFO queue', () => {
    const Tick = {
      Type: 'AWS::Lambda::Function',
      Properties: { FunctionName: 'streams-solo-tick-connections', MemorySize: 256 },
    };
    const Rule = {
      Type: 'AWS::Events::Rule',
      Properties: { ScheduleExpression: 'rate(1 minute)', Targets: [{ Arn: { 'Fn::GetAtt': ['Tick', 'Arn'] } }] },
    };
    const PushQueue = queue({ FifoQueue: true });
    const idle = idleMonth({ Tick, Rule, PushQueue, Mapping: mapping('PushQueue', 32) });
    expect(idle.schedules).toBeCloseTo(43_800 * (0.2e-6 + 0.05 * 0.25 * 1.33334e-5 + 4 * 0.5 * 0.125e-6), 10);
    expect(idle.polling).toBeCloseTo(polls(15, 0.5), 10);
  });

  it('counts the alarms of a job type, its lane and the reads of its DLQ as its lane', () => {
    const templates = { processing: RESOURCES };
    expect(totalOf(idleLane(csvImport, templates))).toBeCloseTo(0.1 + polls(15, 0.4) + polls(0.25, 0.4), 10);
    expect(totalOf(idleLane(ledgerPosting, templates))).toBeCloseTo(polls(15, 0.5) + polls(0.25, 0.5), 10);
  });
});
