import { MOST_SECRETS, type RotatedSecret, SecretRotation } from '@spillway/shared/contracts/webhooks.ts';
import { type SigningSecret, signingAt, type WebhookSecrets } from '@spillway/shared/webhooks/secrets.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import type { WebhookStore } from '@spillway/shared/webhooks/webhook-store.ts';
import { Problem } from '../../light-function.ts';
import { readBody } from '../../request-body.ts';

export interface RotationTools {
  store: Pick<WebhookStore, 'get' | 'change'>;
  secrets: Pick<WebhookSecrets, 'read' | 'add'>;
  now(): Date;
}

/**
 * The error of a secret with more than about 100 versions: Secrets Manager removes none within 24 hours
 * (https://docs.aws.amazon.com/secretsmanager/latest/userguide/reference_limits.html).
 */
const TOO_MANY_VERSIONS = 'LimitExceededException';
/** The errors of a secret that another request deletes with its webhook, and of a version that others have replaced twice. */
const GONE = ['ResourceNotFoundException', 'InvalidRequestException'];

/**
 * Gives a webhook a new secret, beside which the old ones sign until their overlap ends. The new one counts once the row names
 * its version, so a rotation that fails halfway has changed nothing.
 *
 * @throws Problem if the body is not valid, too many secrets would sign, another rotation was faster, or there were too many within a day
 */
export async function rotateSecret(row: WebhookRow, body: string, tools: RotationTools): Promise<RotatedSecret> {
  const refuse = (reason: string) => new Problem('badBody', { reason });
  const { overlapHours } = readBody(SecretRotation, body || '{}', refuse);
  const now = tools.now();
  const until = new Date(now.getTime() + overlapHours * 3_600_000);
  const others = signingAt(await tools.secrets.read(row).catch((error) => explain(error, row, tools)), now).map(
    (each) => ending(each, until),
  );
  const signing = signingAt(others, now);
  if (signing.length >= MOST_SECRETS) throw new Problem('tooManySecrets', { id: row.sk, most: MOST_SECRETS });
  const { secret, secretVersion } = await tools.secrets.add(row, signing).catch((error) => explain(error, row, tools));
  const previousSecretUntil = signing[0]?.until;
  const isFirst = await tools.store.change(
    row,
    { secretVersion, secretSince: now.toISOString(), ...(previousSecretUntil && { previousSecretUntil }) },
    ['previousSecretUntil'],
    { secretVersion: row.secretVersion },
  );
  if (!isFirst) throw new Problem('rotatedMeanwhile', { id: row.sk });
  return { secret, ...(previousSecretUntil && { previousSecretUntil }) };
}

/** What the error of a call of Secrets Manager means for the request. @throws Problem, or else the error */
async function explain(
  error: Error,
  { pk, sk: id, secretVersion }: WebhookRow,
  { store }: RotationTools,
): Promise<never> {
  if (error.name === TOO_MANY_VERSIONS) throw new Problem('rotatedTooOften', { id });
  if (!GONE.includes(error.name)) throw error;
  const row = await store.get(pk, id);
  throw new Problem(row && row.secretVersion !== secretVersion ? 'rotatedMeanwhile' : 'unknownWebhook', { id });
}

/** A secret that signs until a time at the latest. */
const ending = ({ secret, until }: SigningSecret, latest: Date): SigningSecret => ({
  secret,
  until: until !== undefined && new Date(until) < latest ? until : latest.toISOString(),
});
