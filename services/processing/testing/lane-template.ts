import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';
import { ofType, type Template } from '@spillway/shared/testing/package-service.ts';

/** What rings when a function ends without an answer three times five minutes in a row. */
export const crashOf = (name: string) => ({
  Namespace: 'AWS/Lambda',
  MetricName: 'Errors',
  Dimensions: [{ Name: 'FunctionName', Value: `processing-solo-${name}` }],
  Period: 300,
  EvaluationPeriods: 3,
  Threshold: 0,
});

const queuesOf = ({ Resources }: Template, { name }: JobType) => {
  const id = pascalCase(name);
  return { id, lane: Resources[`${id}Lane`]?.Properties, deadLetters: Resources[`${id}DeadLetters`]?.Properties };
};

/** Tests of what every job type's compiled lane has. */
export function describeLane(template: Template, jobType: JobType): void {
  const { id, lane, deadLetters } = queuesOf(template, jobType);

  describe(`the lane of ${jobType.name}`, () => {
    it('is encrypted, keeps messages for 14 days, and gives up into its own DLQ', () => {
      for (const queue of [lane, deadLetters]) {
        expect(queue).toMatchObject({ SqsManagedSseEnabled: true, MessageRetentionPeriod: 1_209_600 });
      }
      expect(lane.RedrivePolicy.deadLetterTargetArn).toEqual({ 'Fn::GetAtt': [`${id}DeadLetters`, 'Arn'] });
      expect(lane.RedrivePolicy.maxReceiveCount).toBeGreaterThanOrEqual(2 * jobType.maxAttempts + 10);
      expect(deadLetters.RedriveAllowPolicy.redrivePermission).toBe('byQueue');
    });

    it('refuses calls without TLS', () => {
      const [statement] = template.Resources[`${id}LanePolicy`]?.Properties.PolicyDocument.Statement ?? [];
      expect(statement).toMatchObject({
        Effect: 'Deny',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      });
    });

    it('has a consumer that reports single failures, within its concurrency and its visibility timeout', () => {
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
      expect(consumer.Timeout).toBeLessThan(lane.VisibilityTimeout);
    });

    it('rings when something is in the DLQ, and when its oldest message is too old', () => {
      expect(template.Resources[`${id}DeadLetterAlarm`]?.Properties).toMatchObject({
        Threshold: 0,
        AlarmActions: [{ Ref: 'AlarmTopic' }],
      });
      expect(template.Resources[`${id}AgeAlarm`]?.Properties.MetricName).toBe('ApproximateAgeOfOldestMessage');
    });

    it.each([
      ['a message was parked', 'ParkedAlarm', 'Parked', 1],
      ['messages cannot be handled for a quarter of an hour', 'BrokeAlarm', 'Broke', 3],
    ])('rings when %s, by the metric that its consumer writes', (_when, alarm, metric, periods) => {
      expect(template.Resources[`${id}${alarm}`]?.Properties).toMatchObject({
        Namespace: 'Spillway/solo',
        MetricName: metric,
        Dimensions: [
          { Name: 'service', Value: 'jobs' },
          { Name: 'jobType', Value: jobType.name },
        ],
        EvaluationPeriods: periods,
        AlarmActions: [{ Ref: 'AlarmTopic' }],
      });
    });

    it('rings when its consumer crashes for a quarter of an hour', () => {
      expect(template.Resources[`${id}CrashAlarm`]?.Properties).toMatchObject(crashOf(jobType.name));
    });

    it('is told to the other services', () => {
      expect(template.Outputs).toHaveProperty(`${id}LaneName`);
      expect(template.Outputs).toHaveProperty(`${id}LaneArn`);
    });
  });
}

/** Tests of what an ordered lane has besides. */
export function describeOrder(template: Template, jobType: JobType): void {
  const { lane, deadLetters } = queuesOf(template, jobType);

  describe(`the ordered lane of ${jobType.name}`, () => {
    it('is FIFO with a FIFO DLQ, limited by group, and takes two equal bodies for two jobs', () => {
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

    it('gives up as late as SQS allows, since its DLQ breaks the order', () => {
      expect(lane.RedrivePolicy.maxReceiveCount).toBe(1000);
    });
  });
}
