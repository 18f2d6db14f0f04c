import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Message } from '../attempt/message.ts';
import type { Observer } from '../attempt/ports.ts';
import { STATUSES } from '../contracts/job.ts';
import { logger } from './logging.ts';

// Metrics are EMF log lines (no call, no waiting) in the namespace that POWERTOOLS_METRICS_NAMESPACE names.

/** What only the readers of queues report, beside what happens to a job. */
interface LaneObserver extends Observer {
  /** The lane moved a message to its DLQ. */
  gaveUpOn(message: Message): void;
  flush(): void;
}

/**
 * Counts and logs what happens to the jobs of one type. The metrics have the dimensions `service: jobs` and `jobType`,
 * except `DeadLetters`, `Parked`, `Broke`, `BlockedAge` and `RanOn`, which call a person: these have only the service (POWERTOOLS_SERVICE_NAME),
 * because each alarm costs, and the log says which job type it was. `AcceptedToSettled` and `WaitedInLane` are in milliseconds;
 * `Attempts` is the number of attempts up to the outcome.
 */
export function laneObserver(jobType: string): LaneObserver {
  const metrics = new Metrics({ serviceName: 'jobs', defaultDimensions: { jobType } });
  const ofService = new Metrics();
  return {
    claimed: (_job, waitedMs) => metrics.addMetric('WaitedInLane', MetricUnit.Milliseconds, waitedMs),
    settled(job, outcome, latencyMs) {
      // no log line: the row, the event and the fact say the same
      metrics.addMetric(STATUSES[outcome].metric, MetricUnit.Count, 1);
      metrics.addMetric('AcceptedToSettled', MetricUnit.Milliseconds, latencyMs);
      metrics.addMetric('Attempts', MetricUnit.Count, job.attempt);
    },
    retrying(job, error, afterSeconds) {
      metrics.addMetric('Retried', MetricUnit.Count, 1);
      const { id, tenant, traceId, attempt } = job;
      logger.warn('trying again', { jobId: id, tenant, traceId, attempt, cause: error, afterSeconds });
    },
    gaveUpOn({ messageId, attributes }) {
      ofService.addMetric('DeadLetters', MetricUnit.Count, 1);
      logger.warn('a lane gave up on a message', { jobType, messageId, jobId: attributes.jobId ?? messageId });
    },
    parked(message, reason, key) {
      ofService.addMetric('Parked', MetricUnit.Count, 1);
      logger.error('parked', { jobType, messageId: message.messageId, reason, key });
    },
    blocking({ id, tenant }, ageSeconds) {
      ofService.addMetric('BlockedAge', MetricUnit.Seconds, ageSeconds);
      logger.error('a failed job blocks its order key', { jobType, jobId: id, tenant, ageSeconds });
    },
    ranOn({ id, tenant }, reason) {
      ofService.addMetric('RanOn', MetricUnit.Count, 1);
      logger.error('the later jobs of a blocked order key run', { jobType, jobId: id, tenant, reason });
    },
    dropped(job, reason) {
      metrics.addMetric('Dropped', MetricUnit.Count, 1);
      logger.info('dropped', { jobId: job.id, tenant: job.tenant, reason });
    },
    broke(message, thrown) {
      ofService.addMetric('Broke', MetricUnit.Count, 1);
      logger.error('could not handle a message; it will come again', {
        jobType,
        messageId: message.messageId,
        error: thrown as Error,
      });
    },
    flush() {
      flush(metrics);
      flush(ofService);
    },
  };
}

/** Writes the metrics, if there are any: Powertools would write a warning about an empty set. */
function flush(metrics: Metrics): void {
  if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
}

/** Counts and logs the work of a service's reader of the table's stream. POWERTOOLS_SERVICE_NAME names the service. */
export function streamObserver() {
  const metrics = new Metrics();
  return {
    delivered: (events: number) => metrics.addMetric('EventsDelivered', MetricUnit.Count, events),
    parked(key: string, thrown: unknown) {
      metrics.addMetric('RecordsParked', MetricUnit.Count, 1);
      logger.error('parked a stream record', { key, reason: String(thrown) });
    },
    /** A destination refused entries to the end; they were stored, to be sent again by a person. */
    refused(key: string, count: number, codes: readonly string[]) {
      metrics.addMetric('EntriesRefused', MetricUnit.Count, count);
      logger.error('stored what a destination refused', { key, count, codes });
    },
    flush: () => flush(metrics),
  };
}

/** Counts what the tick finds overdue; nothing else calls a person about it. */
export function tickObserver() {
  const metrics = new Metrics();
  return {
    overdue(count: number) {
      metrics.addMetric('Overdue', MetricUnit.Count, count);
      logger.warn('overdue', { count });
    },
    flush: () => flush(metrics),
  };
}

/**
 * Counts what is pushed to the socket's clients. `PushDelay` is the time in milliseconds from an event to its push, the
 * longest of a batch.
 */
export function socketObserver() {
  const metrics = new Metrics();
  return {
    pushed(messages: number, delayMs: number) {
      metrics.addMetric('EventsPushed', MetricUnit.Count, messages);
      metrics.addMetric('PushDelay', MetricUnit.Milliseconds, delayMs);
    },
    /** Handed on to on-push, because many connections get them. */
    handedOn(parts: number) {
      metrics.addMetric('PushesHandedOn', MetricUnit.Count, parts);
    },
    /** A client was too slow. It catches up when it subscribes again. */
    dropped(connectionId: string, messages: number, reason: string) {
      metrics.addMetric('PushesDropped', MetricUnit.Count, messages);
      logger.warn('dropped events for a connection', { connectionId, messages, reason });
    },
    gone(connections: number) {
      metrics.addMetric('ConnectionsGone', MetricUnit.Count, connections);
    },
    /** The token of a connection has expired, and it could not be closed. */
    notEnded(connectionId: string, error: unknown) {
      metrics.addMetric('ConnectionsNotEnded', MetricUnit.Count, 1);
      logger.error('could not end a connection', { connectionId, error: error as Error });
    },
    refused(connectionId: string, problem: string) {
      metrics.addMetric('MessagesRefused', MetricUnit.Count, 1);
      logger.info('refused a message', { connectionId, problem });
    },
    /** Pushing failed as a whole; the events are on the bus all the same. */
    failed(error: unknown) {
      metrics.addMetric('PushesFailed', MetricUnit.Count, 1);
      logger.error('could not push events', { error: error as Error });
    },
    flush: () => flush(metrics),
  };
}
