import type { JobType } from '../contracts/job-type.ts';
import { FIFO_SCANNED_MESSAGES } from '../contracts/lane.ts';
import { pascalCase } from '../packaging/job-types.ts';
import { ofType, type Template } from './package-service.ts';

/** The alarm of a function that crashed, or was throttled, in each of three periods of five minutes. */
export const functionAlarmOf = (service: string, name: string, metric: 'Errors' | 'Throttles') => ({
  Namespace: 'AWS/Lambda',
  MetricName: metric,
  Dimensions: [{ Name: 'FunctionName', Value: `${service}-solo-${name}` }],
  Period: 300,
  EvaluationPeriods: 3,
  Threshold: 0,
});

const queuesOf = ({ Resources }: Template, { name }: JobType) => {
  const id = pascalCase(name);
  return { id, lane: Resources[`${id}Lane`]?.Properties, deadLetters: Resources[`${id}DeadLetters`]?.Properties };
};

/** Tests of every job type's compiled lane. */
export function describeLane(template: Template, jobType: JobType): void {
  const { name, service } = jobType;
  const { id, lane, deadLetters } = queuesOf(template, jobType);
  const alarm = (kind: string) => template.Resources[`${id}${kind}Alarm`]?.Properties;

  it(`the lane of ${name} is encrypted, keeps messages for 14 days and has its own DLQ`, () => {
    for (const queue of [lane, deadLetters]) {
      expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
    }
    expect(lane.RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [`${id}DeadLetters`, 'Arn'] });
    expect(deadLetters.RedriveAllowPolicy.redrivePermission).toBe('byQueue');
  });

  it(`the lane of ${name} gives up on a message late, because receives are not attempts, but before SQS deletes it`, () => {
    const { maxReceiveCount } = lane.RedrivePolicy;
    // 12 days of visibility timeouts, or as often as SQS allows
    expect(maxReceiveCount).toBe(Math.min(1000, Math.floor((12 * 86_400) / lane.VisibilityTimeout)));
  });

  it(`the lane of ${name} refuses calls without TLS`, () => {
    const [statement] = template.Resources[`${id}LanePolicy`]?.Properties.PolicyDocument.Statement ?? [];
    expect(statement).toMatchObject({
      Effect: 'Deny',
      Action: 'sqs:*',
      Condition: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  });

  it(`the consumer of ${name} reports single failures and fits the lane’s concurrency and visibility timeout`, () => {
    const mapping = ofType(template, 'AWS::Lambda::EventSourceMapping').find(
      ([, { Properties }]) =>
        JSON.stringify(Properties.EventSourceArn) === JSON.stringify({ 'Fn::GetAtt': [`${id}Lane`, 'Arn'] }),
    )?.[1].Properties;
    expect(mapping).toMatchObject({
      BatchSize: jobType.batchSize,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: jobType.maxConcurrency },
    });
    const consumer = template.Resources[mapping.FunctionName['Fn::GetAtt'][0]]?.Properties;
    expect(lane.VisibilityTimeout).toBeGreaterThanOrEqual(2 * consumer.Timeout);
  });

  it.each([
    ['a quarter of an hour', 'Age', 900],
    ['three days, long before SQS deletes it', 'Forgotten', 259_200],
  ])(`an alarm goes off when the oldest message of ${name} has waited for %s`, (_, kind, seconds) => {
    expect(alarm(kind)).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      Threshold: seconds,
      AlarmActions: [expect.anything()],
    });
  });

  it.each([
    ['keeps crashing', 'Crash', 'Errors'],
    ['is throttled', 'Throttled', 'Throttles'],
  ] as const)(`an alarm goes off when the consumer of ${name} %s for a quarter of an hour`, (_, kind, metric) => {
    expect(alarm(kind)).toMatchObject(functionAlarmOf(service, name, metric));
  });

  const most = jobType.lane.kind === 'ordered' ? 5 : 4;
  it(`the lane of ${name} has no more than ${most} alarms, because each costs $0.10 a month while the lane is idle`, () => {
    const watched = [lane.QueueName, deadLetters.QueueName, `${service}-solo-${name}`, name];
    const alarms = ofType(template, 'AWS::CloudWatch::Alarm').filter(([, { Properties }]) =>
      Properties.Dimensions?.some(({ Value }: { Value: unknown }) => watched.includes(Value)),
    );
    expect(alarms).toHaveLength(most);
  });

  it(`the template outputs the lane of ${name} for the front door`, () => {
    expect(template.Outputs).toHaveProperty(`${id}LaneName`);
    expect(template.Outputs).toHaveProperty(`${id}LaneArn`);
  });
}

/** Tests of what only an ordered lane has. */
export function describeOrder(template: Template, jobType: JobType): void {
  const { id, lane, deadLetters } = queuesOf(template, jobType);

  it(`an alarm goes off when so many jobs of ${jobType.name} wait that SQS will soon not find the keys behind them`, () => {
    const { Properties } = template.Resources[`${id}BacklogAlarm`] ?? {};
    expect(Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: lane.QueueName }],
      AlarmActions: [expect.anything()],
    });
    expect(Properties.Threshold).toBeLessThan(FIFO_SCANNED_MESSAGES);
  });

  it(`the ordered lane of ${jobType.name} is FIFO with a FIFO DLQ, limits throughput by group and does not deduplicate by content`, () => {
    for (const queue of [lane, deadLetters]) {
      expect(queue).toMatchObject({
        FifoQueue: true,
        ContentBasedDeduplication: false,
        DeduplicationScope: 'messageGroup',
        FifoThroughputLimit: 'perMessageGroupId',
      });
      expect(queue.QueueName).toMatch(/\.fifo$/);
    }
  });
}
