import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logger } from './logging.ts';

/** Counts and logs what a reader of the table's stream does, as EMF log lines in the namespace that POWERTOOLS_METRICS_NAMESPACE names. */
export function streamObserver(reader: string) {
  const metrics = new Metrics({ serviceName: 'streams', defaultDimensions: { reader } });
  return {
    delivered: (events: number) => metrics.addMetric('EventsDelivered', MetricUnit.Count, events),
    parked(key: string, thrown: unknown) {
      metrics.addMetric('RecordsParked', MetricUnit.Count, 1);
      logger.error('parked a record of the stream', { key, reason: String(thrown) });
    },
    flush: () => metrics.publishStoredMetrics(),
  };
}
