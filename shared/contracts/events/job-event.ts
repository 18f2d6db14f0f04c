import * as z from 'zod/mini';
import { Conflicts, JobError, Progress, WaitingFor } from '../job.ts';
import { EVENT_TYPES, EVENTS, type EventType } from './event-types.ts';

/** The event's `source` on the bus. */
export const EVENT_SOURCE = 'spillway.jobs';

/** What every event says about its job. It never has the job's input or result, which may be large or private: it has a link. */
const JobData = z.strictObject({
  tenant: z.string(),
  jobType: z.string(),
  jobId: z.string(),
  /** Increases with each event of the job: their order, in which they need not arrive. */
  revision: z.int().check(z.nonnegative()),
  attempt: z.int().check(z.nonnegative()),
  acceptedAt: z.iso.datetime(),
  runAfter: z.optional(z.iso.datetime()),
  settledAt: z.optional(z.iso.datetime()),
  /** Milliseconds from accepted to settled. */
  latencyMs: z.optional(z.int().check(z.nonnegative())),
  error: z.optional(JobError),
  progress: z.optional(Progress),
  waitingFor: z.optional(WaitingFor),
  conflicts: z.optional(Conflicts),
  /** The W3C trace id of the submit. */
  traceId: z.string(),
  links: z.strictObject({ self: z.string() }).check(
    z.meta({
      description:
        "self is the path of the job's status below the base URL of the API, which an event does not know: append it to that URL.",
    }),
  ),
});

/** The CloudEvents 1.0 attributes of an event (https://github.com/cloudevents/spec), so it can be passed on as one. */
export const Envelope = z.strictObject({
  specversion: z.literal('1.0'),
  /**
   * Made from the job, the time when it was accepted and its revision. So the same event has the same id however often it is
   * delivered, and a job whose id is used again once its row has expired has other ids.
   */
  id: z.string(),
  source: z.literal(EVENT_SOURCE),
  /** `<job type>/<job id>`. */
  subject: z.string(),
  /** When it happened. */
  time: z.iso.datetime(),
  datacontenttype: z.literal('application/json'),
});

type DataOf<Type extends EventType> = z.infer<z.ZodMiniObject<(typeof EVENTS)[Type]['data']>>;

/** An event of one type, with the data that each of them has. */
export type JobEventOf<Type extends EventType> = z.infer<typeof Envelope> & {
  type: Type;
  data: z.infer<typeof JobData> & DataOf<Type>;
};
/** An event about a job: the `detail` of an EventBridge event, and what clients get by push. */
export type JobEvent = { [Type in EventType]: JobEventOf<Type> }[EventType];

/** The contract of one type of event. */
export const eventSchema = (type: EventType) =>
  z.extend(Envelope, { type: z.literal(type), data: z.extend(JobData, EVENTS[type].data) });

const [first, ...others] = EVENT_TYPES.map(eventSchema);
/** The contracts of all events. */
export const JobEvent = z.discriminatedUnion('type', [
  first as ReturnType<typeof eventSchema>,
  ...others,
]) as unknown as z.ZodMiniType<JobEvent>;
