import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { logger } from './logging.ts';

/**
 * Counts and logs what a service's reader of the table's stream does, as EMF log lines in the namespace that
 * POWERTOOLS_METRICS_NAMESPACE names, by the service that POWERTOOLS_SERVICE_NAME names.
 */
export function streamObserver() {
  const metrics = new Metrics();
  return {
    delivered: (events: number) => metrics.addMetric('EventsDelivered', MetricUnit.Count, events),
    parked(key: string, thrown: unknown) {
      metrics.addMetric('RecordsParked', MetricUnit.Count, 1);
      logger.error('parked a record of the stream', { key, reason: String(thrown) });
    },
    flush: () => metrics.publishStoredMetrics(),
  };
}
