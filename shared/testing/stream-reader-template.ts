import { LONGEST_DELIVERY_MS } from '../runtime/stream/delivery.ts';
import { rightsOf, type Template } from './package-service.ts';

/**
 * Tests of a service's compiled reader of the table's stream (shared/packaging/stream-reader.ts).
 *
 * @param does the actions of its role beside those of every reader
 * @param windowSeconds how long a batch may fill
 */
export function describeStreamReader(template: Template, does: readonly string[], windowSeconds: number): void {
  const { Resources } = template;
  const mapping = Resources.JobChanges?.Properties;

  describe('the reader of the jobs table’s stream', () => {
    it('bisects failing batches of the stream, limits retries, and keeps records that failed for good in a bucket', () => {
      expect(mapping).toMatchObject({
        BisectBatchOnFunctionError: true,
        MaximumRetryAttempts: 3,
        MaximumRecordAgeInSeconds: 86_400,
        DestinationConfig: { OnFailure: { Destination: { 'Fn::GetAtt': ['FailuresBucket', 'Arn'] } } },
        FilterCriteria: { Filters: [{ Pattern: '{"eventName":["INSERT","MODIFY"]}' }] },
      });
    });

    it('lets the stream reader read the stream and write only where it must', () => {
      const actions = rightsOf(template, 'OnDashjobDashchangedIamRoleLambdaExecution').map(
        (right) => right.split(' ')[0],
      );
      expect(new Set(actions.filter((action) => !/^(logs|xray):/.test(action ?? '')))).toEqual(
        new Set([
          ...does,
          's3:PutObject',
          's3:ListBucket',
          'dynamodb:DescribeStream',
          'dynamodb:GetRecords',
          'dynamodb:GetShardIterator',
          'dynamodb:ListStreams',
        ]),
      );
    });

    it('raises an alarm when the stream reader parked a record, by the metric that it writes on this stage', () => {
      const { Variables } = Resources.OnDashjobDashchangedLambdaFunction?.Properties.Environment ?? {};
      expect(Resources.ParkedAlarm?.Properties).toMatchObject({
        Namespace: 'Spillway/solo',
        MetricName: 'RecordsParked',
        Dimensions: [{ Name: 'service', Value: Variables.POWERTOOLS_SERVICE_NAME }],
      });
      expect(Variables).toMatchObject({ POWERTOOLS_METRICS_NAMESPACE: 'Spillway/solo' });
    });

    it('tries refused entries again for less time than a delivery may take, stores them, and raises an alarm about it', () => {
      const { Timeout, Environment } = Resources.OnDashjobDashchangedLambdaFunction?.Properties ?? {};
      expect(Number(Environment.Variables.PATIENCE_MS)).toBeLessThanOrEqual(LONGEST_DELIVERY_MS);
      // storing takes up to five tries of 10 s in the worst case, but a second as a rule
      expect(Timeout * 1000).toBeGreaterThan(2 * LONGEST_DELIVERY_MS);
      expect(Resources.RefusedAlarm?.Properties).toMatchObject({
        Namespace: 'Spillway/solo',
        MetricName: 'EntriesRefused',
        Dimensions: [{ Name: 'service', Value: Environment.Variables.POWERTOOLS_SERVICE_NAME }],
        Threshold: 0,
      });
    });

    it('raises alarms when the event source gave up on stream records or lost them', () => {
      expect(mapping.MetricsConfig).toEqual({ Metrics: ['EventCount'] });
      for (const [alarm, metric] of [
        ['GaveUpAlarm', 'OnFailureDestinationDeliveredEventCount'],
        ['DroppedAlarm', 'DroppedEventCount'],
      ] as const) {
        expect(Resources[alarm]?.Properties).toMatchObject({
          Namespace: 'AWS/Lambda',
          MetricName: metric,
          Dimensions: [{ Name: 'EventSourceMappingUUID', Value: { Ref: 'JobChanges' } }],
          Threshold: 0,
        });
      }
    });

    it(`takes batches of 100 changes, which fill for ${windowSeconds} seconds at most`, () => {
      expect(mapping).toMatchObject({
        BatchSize: 100,
        ParallelizationFactor: 2,
        MaximumBatchingWindowInSeconds: windowSeconds,
      });
    });

    it('raises an alarm when the table is written for a quarter of an hour but its stream is not read', () => {
      const { Metrics, EvaluationPeriods } = Resources.SilentAlarm?.Properties ?? {};
      const [expression, ...metrics] = Metrics;
      expect(expression).toMatchObject({ ReturnData: true });
      for (const { Id } of metrics) expect(expression.Expression).toContain(`FILL(${Id}, 0)`);
      expect(metrics).toMatchObject([
        { Id: 'written', MetricStat: { Metric: { MetricName: 'SuccessfulRequestLatency' }, Stat: 'SampleCount' } },
        { Id: 'polled', MetricStat: { Metric: { MetricName: 'PolledEventCount' }, Stat: 'Sum' } },
      ]);
      expect(EvaluationPeriods * metrics[0].MetricStat.Period).toBe(900);
    });

    it('raises an alarm when the stream reader is behind', () => {
      expect(Resources.IteratorAgeAlarm?.Properties).toMatchObject({ MetricName: 'IteratorAge', Threshold: 300_000 });
    });
  });
}
