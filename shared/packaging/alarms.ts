import type { Resource } from './cloudformation.ts';

/** The metric that an alarm watches. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, unknown>;
  statistic: 'Maximum' | 'Sum';
}

/** When the alarm goes off: when the metric is above a threshold in each of a number of consecutive periods. */
export interface Trigger {
  periodSeconds: number;
  periods: number;
  above: number;
}

interface AlarmOptions {
  /** What happened, and the runbook that says what to do. */
  description: string;
  metric: Metric;
  trigger: Trigger;
  /** The SNS topic to notify. */
  topic: unknown;
  /** Whether the topic is also notified when the alarm clears. */
  notifiesRecovery?: boolean;
}

export const alarm = ({ description, metric, trigger, topic, notifiesRecovery = false }: AlarmOptions): Resource => ({
  Type: 'AWS::CloudWatch::Alarm',
  Properties: {
    AlarmDescription: description,
    Namespace: metric.namespace,
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Statistic: metric.statistic,
    Period: trigger.periodSeconds,
    EvaluationPeriods: trigger.periods,
    Threshold: trigger.above,
    ComparisonOperator: 'GreaterThanThreshold',
    // an idle queue reports no data, and neither does a function without errors
    TreatMissingData: 'notBreaching',
    AlarmActions: [topic],
    ...(notifiesRecovery && { OKActions: [topic] }),
  },
});
