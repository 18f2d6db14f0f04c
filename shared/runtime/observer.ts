import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Observer } from '../attempt/ports.ts';
import { logger } from './logging.ts';

/** Metrics by job type, as EMF log lines (no call, no waiting) in the namespace that POWERTOOLS_METRICS_NAMESPACE names. */
const metrics = new Metrics({ serviceName: 'jobs' });

/**
 * Counts and logs what happens to jobs of one type.
 * `AcceptedToSettled` and `WaitedInLane` are milliseconds; `Attempts` is the number an outcome took.
 */
export function observer(jobType: string): Observer & { flush(): void } {
  metrics.setDefaultDimensions({ jobType });
  return {
    claimed: (_job, _attempt, waitedMs) => metrics.addMetric('WaitedInLane', MetricUnit.Milliseconds, waitedMs),
    settled(job, attempt, outcome, latencyMs) {
      metrics.addMetric(outcome === 'SUCCEEDED' ? 'Succeeded' : 'Failed', MetricUnit.Count, 1);
      metrics.addMetric('AcceptedToSettled', MetricUnit.Milliseconds, latencyMs);
      metrics.addMetric('Attempts', MetricUnit.Count, attempt);
      logger.info('settled', { jobId: job.id, tenant: job.tenant, traceId: job.traceId, attempt, outcome, latencyMs });
    },
    retrying(job, attempt, error, afterSeconds) {
      metrics.addMetric('Retried', MetricUnit.Count, 1);
      const { id, tenant, traceId } = job;
      logger.warn('trying again', { jobId: id, tenant, traceId, attempt, cause: error, afterSeconds });
    },
    parked(delivery, reason, key) {
      metrics.addMetric('Parked', MetricUnit.Count, 1);
      logger.error('parked', { messageId: delivery.messageId, reason, key });
    },
    dropped(job, reason) {
      metrics.addMetric('Dropped', MetricUnit.Count, 1);
      logger.info('dropped', { jobId: job.id, tenant: job.tenant, reason });
    },
    broke(delivery, thrown) {
      metrics.addMetric('Broke', MetricUnit.Count, 1);
      logger.error('could not handle a message; it comes again', {
        messageId: delivery.messageId,
        error: thrown as Error,
      });
    },
    flush: () => metrics.publishStoredMetrics(),
  };
}
