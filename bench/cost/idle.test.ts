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
const queue = (properties = {}): Resource => ({ Type: 'AWS::SQS::Queue', Properties: properties });
const alarm = (properties = {}): Resource => ({ Type: 'AWS::CloudWatch::Alarm', Properties: properties });

const RESOURCES = {
  CsvImportLane: queue(),
  CsvImportDeadLetters: queue(),
  CsvImportMapping: mapping('CsvImportLane', 4),
  CsvImportDeadLettersMapping: mapping('CsvImportDeadLetters'),
  CsvImportAgeAlarm: alarm(),
  LedgerPostingLane: queue({ FifoQueue: true }),
  LedgerPostingMapping: mapping('LedgerPostingLane', 2),
  SilentAlarm: alarm({ Metrics: [{ Expression: 'a + b' }, { MetricStat: {} }, { MetricStat: {} }] }),
  Stream: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { EventSourceArn: 'arn:aws:dynamodb:…' } },
  Key: { Type: 'AWS::KMS::Key', Properties: {} },
};

describe('an idle month', () => {
  const polls = (aMinute: number, perMillion: number) => (aMinute * 43_800 * perMillion) / 1e6;

  it('prices alarms by the metrics that they read, keys, and the polling of queues', () => {
    const idle = idleMonth(RESOURCES);
    expect(idle.alarms).toBeCloseTo(3 * 0.1, 10);
    expect(idle['KMS keys']).toBe(1);
    // a standard queue without a maximum concurrency is polled by two pollers only
    expect(idle.polling).toBeCloseTo(polls(15, 0.4) + polls(6, 0.4) + polls(15, 0.5), 10);
  });

  it('counts the alarms and the two queues of a job type as its lane', () => {
    const templates = { processing: RESOURCES };
    expect(totalOf(idleLane(csvImport, templates))).toBeCloseTo(0.1 + polls(21, 0.4), 10);
    expect(totalOf(idleLane(ledgerPosting, templates))).toBeCloseTo(polls(15, 0.5), 10);
  });
});
