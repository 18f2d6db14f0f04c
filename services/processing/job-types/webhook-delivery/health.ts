import { jobErrorOf, PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import type { FindTools } from './webhook.ts';

type Tools = Pick<FindTools, 'store' | 'now'>;

const DAY_MS = 24 * 60 * 60 * 1000;
/** From then on, each failed delivery says that its webhook is failing. */
const NOTICE_AFTER_MS = DAY_MS;
/**
 * Then it is disabled, but not within a day of the first notice. Svix, who wrote most of the spec, also waits five days
 * (https://docs.svix.com/retries#disabling-failing-endpoints).
 */
const DISABLE_AFTER_MS = 5 * DAY_MS;

/** What a failed attempt means for its webhook. */
export function failureMeans(
  { failingSince, noticedAt }: Pick<WebhookRow, 'failingSince' | 'noticedAt'>,
  now: Date,
): 'failing' | 'nothing' | 'notice' | 'disable' {
  if (!failingSince) return 'failing';
  const failingMs = now.getTime() - Date.parse(failingSince);
  if (failingMs < NOTICE_AFTER_MS) return 'nothing';
  const isNoticed = noticedAt !== undefined && now.getTime() - Date.parse(noticedAt) >= DAY_MS;
  return isNoticed && failingMs >= DISABLE_AFTER_MS ? 'disable' : 'notice';
}

/** Ends the time in which a webhook has failed. It writes nothing for a webhook that has not. */
export async function noteSuccess(row: WebhookRow, { store }: Tools): Promise<void> {
  const { failingSince } = row;
  if (failingSince) await store.change(row, {}, ['failingSince', 'noticedAt'], { failingSince });
}

/**
 * Notes that an attempt to deliver to a webhook has failed, and disables it if its receiver is gone or has failed for days. The
 * notice is the error of the job, and so part of its event.
 *
 * @returns the error that the attempt ends with
 */
export async function noteFailure(row: WebhookRow, error: unknown, { store, now }: Tools): Promise<unknown> {
  const at = now();
  const { code, message } = jobErrorOf(error);
  if (code === 'HTTP_410') {
    await disable(row, 'gone', at, store);
    return new PermanentJobError(code, `${message}: the webhook ${row.sk} is disabled`);
  }
  const { failingSince = at.toISOString(), noticedAt = at.toISOString() } = row;
  switch (failureMeans(row, at)) {
    case 'failing':
      // a URL that its tenant has written meanwhile has not failed
      await store.change(row, { failingSince }, [], { url: row.url });
      return error;
    case 'nothing':
      return error;
    case 'notice': {
      if (!row.noticedAt) await store.change(row, { noticedAt }, [], { failingSince });
      const endsAt = Math.max(Date.parse(failingSince) + DISABLE_AFTER_MS, Date.parse(noticedAt) + DAY_MS);
      return withCode(
        error,
        'WEBHOOK_FAILING',
        `${message}; every delivery to the webhook ${row.sk} has failed since ${failingSince}: it is disabled on ${new Date(endsAt).toISOString()} unless one succeeds`,
      );
    }
    case 'disable':
      await disable(row, 'failing', at, store);
      return new PermanentJobError(
        'WEBHOOK_DISABLED',
        `${message}; every delivery to the webhook ${row.sk} has failed since ${failingSince}, so it is disabled`,
      );
  }
}

/** The error says more, and whether and when the job is tried again stays the same. */
const withCode = (error: unknown, code: string, message: string) =>
  error instanceof Error ? Object.assign(error, { code, message }) : error;

/** A webhook that its tenant has written in the meantime stays as it is. */
async function disable(row: WebhookRow, because: 'gone' | 'failing', at: Date, store: Tools['store']): Promise<void> {
  const { url, failingSince } = row;
  const where = because === 'failing' && failingSince ? { url, failingSince } : { url };
  await store.change(row, { disabledSince: at.toISOString(), disabledBecause: because }, [], where);
}
