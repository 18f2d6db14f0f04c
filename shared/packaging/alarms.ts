import type { Resource } from './cloudformation.ts';

/** What an alarm looks at. */
export interface Metric {
  namespace: string;
  name: string;
  dimensions: Record<string, unknown>;
  statistic: 'Maximum' | 'Sum';
}

/** When it goes off: above a threshold, in each of a number of periods in a row. */
export interface Trigger {
  periodSeconds: number;
  periods: number;
  above: number;
}

interface AlarmOptions {
  /** What happened, and the page of docs/runbooks that says what to do. */
  description: string;
  metric: Metric;
  trigger: Trigger;
  /** The SNS topic that it tells. */
  topic: unknown;
  /** Also says when the trouble is over. */
  tellsRecovery?: boolean;
}

export const alarm = ({ description, metric, trigger, topic, tellsRecovery = false }: AlarmOptions): Resource => ({
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
    // an idle queue reports nothing, and neither does a function without trouble
    TreatMissingData: 'notBreaching',
    AlarmActions: [topic],
    ...(tellsRecovery && { OKActions: [topic] }),
  },
});
