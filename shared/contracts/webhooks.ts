import * as z from 'zod/mini';
import { EVENT_TYPES, type EventType } from './events/event-types.ts';
import { Envelope } from './events/job-event.ts';
import { CURSOR, JobSummary, OUTCOMES, STATUSES } from './job.ts';

/** The id of a webhook, which is unique among those of a tenant. With an event's id, it becomes a job id of at most 64 characters. */
export const WEBHOOK_ID = /^[A-Za-z0-9_-]{1,24}$/;

/**
 * How many webhooks a tenant may have. Each makes another job of an event that it wants, which no usage plan counts: with ten
 * that want all events, a job of four events makes 40 deliveries. Each also has a secret that costs $0.40 a month.
 */
export const MOST_WEBHOOKS = 10;

/** How long a URL may be, in characters. */
export const LONGEST_WEBHOOK_URL = 2000;

/** The type of the event that a test of a webhook sends. Webhooks get it also while they are disabled. */
export const TEST_EVENT = 'webhook.test';

/** What a test of a webhook delivers. It has the attributes of the events of jobs; its subject is the webhook's id. */
export const TestEvent = z.extend(Envelope, {
  type: z.literal(TEST_EVENT),
  data: z.strictObject({ tenant: z.string(), webhook: z.string() }),
});
export type TestEvent = z.infer<typeof TestEvent>;

/** How long an old secret signs beside the new one, in hours, unless the rotation says otherwise. */
const USUAL_OVERLAP_HOURS = 24;
const LONGEST_OVERLAP_HOURS = 7 * 24;

/** How many secrets may sign at the same time. A header of so many signatures is still short. */
export const MOST_SECRETS = 3;

const OUTCOME_EVENTS: EventType[] = OUTCOMES.map((outcome) => STATUSES[outcome].event);

/** The body of `PUT /webhooks/{id}`. */
export const WebhookDefinition = z.strictObject({
  /** Where its events go: an HTTPS URL on a public address. */
  url: z.string().check(z.maxLength(LONGEST_WEBHOOK_URL)),
  /**
   * The types of its events.
   *
   * @defaultValue the outcomes
   */
  events: z._default(
    z.array(z.enum(EVENT_TYPES as [EventType, ...EventType[]])).check(z.minLength(1), z.maxLength(EVENT_TYPES.length)),
    OUTCOME_EVENTS,
  ),
  /** Only events of jobs of these types. Without it, of all types. */
  jobTypes: z.optional(z.array(z.string()).check(z.minLength(1), z.maxLength(50))),
  /** Whether it gets no events for now. Writing it as false also enables a webhook that was disabled. */
  disabled: z._default(z.boolean(), false),
});
export type WebhookDefinition = z.infer<typeof WebhookDefinition>;
/** The same as a client sends it, where defaults may be left out. */
export type NewWebhook = z.input<typeof WebhookDefinition>;

/**
 * Why a webhook gets no events: its tenant said so, its receiver answered 410, its deliveries have failed for days, or its tenant
 * was suspended.
 */
export const DISABLED_BECAUSE = ['asked', 'gone', 'failing', 'suspended'] as const;

/** A webhook as its tenant sees it. Its secret is shown only when it is new. */
export const Webhook = z.extend(WebhookDefinition, {
  id: z.string().check(z.regex(WEBHOOK_ID)),
  /** When it was disabled, and why. Absent if it is enabled. */
  disabledSince: z.optional(z.iso.datetime()),
  disabledBecause: z.optional(z.enum(DISABLED_BECAUSE)),
  /** Since when every delivery has failed. A delivery that succeeds ends it. */
  failingSince: z.optional(z.iso.datetime()),
  /** The secrets that sign: since when the newest one does, and until when the one before it does, too. */
  secretSince: z.iso.datetime(),
  previousSecretUntil: z.optional(z.iso.datetime()),
  createdAt: z.iso.datetime(),
  links: z.strictObject({ self: z.string(), deliveries: z.string() }),
});
export type Webhook = z.infer<typeof Webhook>;

/** A new webhook, with the secret that signs its events. Nobody can read it again. */
export const CreatedWebhook = z.extend(Webhook, { secret: z.optional(z.string()) });
export type CreatedWebhook = z.infer<typeof CreatedWebhook>;

/** All webhooks of a tenant, by id. */
export const WebhookList = z.strictObject({ webhooks: z.array(Webhook) });
export type WebhookList = z.infer<typeof WebhookList>;

/** The body of `POST /webhooks/{id}/secret`. */
export const SecretRotation = z.strictObject({
  /**
   * How long the old secret signs beside the new one, in hours. 0 ends it at once.
   *
   * @defaultValue 24
   */
  overlapHours: z._default(z.number().check(z.gte(0), z.lte(LONGEST_OVERLAP_HOURS)), USUAL_OVERLAP_HOURS),
});
export type SecretRotation = z.infer<typeof SecretRotation>;

/** The answer to a rotation. */
export const RotatedSecret = z.strictObject({
  secret: z.string(),
  /** Until when the secret before it signs, too. Absent if it does not. */
  previousSecretUntil: z.optional(z.iso.datetime()),
});
export type RotatedSecret = z.infer<typeof RotatedSecret>;

/** A page of a webhook's deliveries, newest first. */
export const DeliveryList = z.strictObject({
  deliveries: z.array(
    z.extend(JobSummary, {
      /** The id of the event, if the delivery is one of an event. */
      event: z.optional(z.string()),
      /** The job that delivers it, with its attempts, its error or its result. */
      links: z.strictObject({ job: z.string() }),
    }),
  ),
  /** Where the next page begins. The last page has none. */
  cursor: z.optional(z.string().check(z.regex(CURSOR))),
});
export type DeliveryList = z.infer<typeof DeliveryList>;
