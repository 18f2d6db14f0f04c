import type { Resource } from './cloudformation.ts';

/** A metric that an alarm watches. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, unknown>;
  statistic: 'Average' | 'Maximum' | 'SampleCount' | 'Sum';
}

/** A number that CloudWatch computes from several metrics. Each of them costs as much as an alarm. */
export interface Computed {
  /** https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html */
  expression: string;
  /** The metrics by their names in the expression. */
  metrics: Record<string, Metric>;
}

/** When the alarm goes off: when the metric is above a threshold in each of a number of consecutive periods. */
export interface Trigger {
  periodSeconds: number;
  periods: number;
  above: number;
  /** What a period without data means. By default nothing: an idle queue reports none, nor does a function that rests. */
  missing?: 'breaching';
}

interface AlarmOptions {
  /** What happened, and the runbook that says what to do. */
  description: string;
  metric: Metric | Computed;
  trigger: Trigger;
  /** The SNS topic to notify when the alarm goes off, and when it clears. */
  topic: unknown;
}

export const alarm = ({ description, metric, trigger, topic }: AlarmOptions): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: description,
    ...('expression' in metric ? computed(metric, trigger) : watched(metric, trigger)),
    EvaluationPeriods: trigger.periods,
    Threshold: trigger.above,
    ComparisonOperator: 'GreaterThanThreshold',
    TreatMissingData: trigger.missing ?? 'notBreaching',
    AlarmActions: [topic],
    OKActions: [topic],
  },
});

const named = ({ namespace, name, dimensions }: Metric) => ({
  Namespace: namespace,
  MetricName: name,
  Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
});

const watched = (metric: Metric, { periodSeconds }: Trigger) => ({
  ...named(metric),
  Statistic: metric.statistic,
  Period: periodSeconds,
});

const computed = ({ expression, metrics }: Computed, { periodSeconds }: Trigger) => ({
  Metrics: [
    { Id: 'computed', Expression: expression, ReturnData: true },
    ...Object.entries(metrics).map(([Id, metric]) => ({
      Id,
      MetricStat: { Metric: named(metric), Period: periodSeconds, Stat: metric.statistic },
      ReturnData: false,
    })),
  ],
});

/** The alarm of a queue that should be empty. @param queue its name, or what resolves to it */
export const waitingMessagesAlarm = (
  queue: unknown,
  options: Omit<AlarmOptions, 'metric' | 'trigger'> & { periodSeconds: number },
): Resource =>
  alarm({
    description: options.description,
    metric: {
      namespace: 'AWS/SQS',
      name: 'ApproximateNumberOfMessagesVisible',
      dimensions: { QueueName: queue },
      statistic: 'Maximum',
    },
    trigger: { periodSeconds: options.periodSeconds, periods: 1, above: 0 },
    topic: options.topic,
  });
