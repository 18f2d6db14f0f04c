import type { JobType } from '../contracts/job-type.ts';
import { pascalCase } from '../packaging/job-types.ts';
import { ofType, type Template } from './package-service.ts';

/** The alarm of a function that crashed in each of three periods of five minutes. */
export const crashAlarmOf = (service: string, name: string) => ({
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
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

  it(`the lane of ${name} gives up on a message as late as SQS allows, because receives are not attempts`, () => {
    expect(lane.RedrivePolicy.maxReceiveCount).toBe(1000);
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

  it(`alarms go off when the lane of ${name} has dead letters and when its oldest message is too old`, () => {
    expect(alarm('DeadLetter')).toMatchObject({ Threshold: 0, AlarmActions: [expect.anything()] });
    expect(alarm('Age')).toMatchObject({
      MetricName: 'ApproximateAgeOfOldestMessage',
      AlarmActions: [expect.anything()],
    });
  });

  it.each([
    ['a message was parked', 'Parked', 1],
    ['its consumer cannot handle messages for a quarter of an hour', 'Broke', 3],
  ])(`an alarm for ${name} goes off when %s, by the metric that its consumer writes`, (_when, metric, periods) => {
    expect(alarm(metric)).toMatchObject({
      Namespace: 'Spillway/solo',
      MetricName: metric,
      Dimensions: [
        { Name: 'service', Value: 'jobs' },
        { Name: 'jobType', Value: name },
      ],
      EvaluationPeriods: periods,
      AlarmActions: [expect.anything()],
    });
  });

  it(`an alarm goes off when the consumer of ${name} keeps crashing for a quarter of an hour`, () => {
    expect(alarm('Crash')).toMatchObject(crashAlarmOf(service, name));
  });

  it(`the template outputs the lane of ${name} for the front door`, () => {
    expect(template.Outputs).toHaveProperty(`${id}LaneName`);
    expect(template.Outputs).toHaveProperty(`${id}LaneArn`);
  });
}

/** Tests of what only an ordered lane has. */
export function describeOrder(template: Template, jobType: JobType): void {
  const { lane, deadLetters } = queuesOf(template, jobType);

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
