import { randomBytes, randomUUID } from 'node:crypto';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { TIMEOUTS } from '../runtime/aws.ts';
import { traced } from '../runtime/tracing.ts';
import { webhookSecretsPrefix } from './names.ts';
import type { WebhookRow } from './table.ts';

/** A signing secret of the Standard Webhooks spec. */
export interface SigningSecret {
  /** `whsec_` and 32 bytes in base64. */
  secret: string;
  /** Until when it signs; the newest one signs without an end. */
  until?: string;
}

/** Where a webhook's secrets are. A version never changes. */
export type SecretPlace = Pick<WebhookRow, 'secretName' | 'secretVersion'>;

export type WebhookSecrets = ReturnType<typeof webhookSecrets>;

/** The spec asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;
const newSecret = () => `whsec_${randomBytes(SECRET_BYTES).toString('base64')}`;

/** Enough for the webhooks that one instance of a function is busy with; each takes about 200 bytes. */
const MOST_REMEMBERED = 1000;

/**
 * The secrets of webhooks, each in a secret of its own in Secrets Manager, whose value lists all secrets that sign. The row of
 * the webhook names the version that counts.
 */
export function webhookSecrets(stage: string, client = traced(new SecretsManagerClient(TIMEOUTS))) {
  const remembered = new Map<string, SigningSecret[]>();

  /** Stores the first secret of a webhook. Its name is new each time, so two requests never share one. */
  async function create(tenant: string, id: string): Promise<SecretPlace & { secret: string }> {
    const secretName = `${webhookSecretsPrefix(stage)}${randomUUID()}`;
    const secret = newSecret();
    const { VersionId = '' } = await client.send(
      new CreateSecretCommand({
        Name: secretName,
        Description: `The webhook ${id} of the tenant ${tenant}`,
        SecretString: JSON.stringify([{ secret }] satisfies SigningSecret[]),
      }),
    );
    return { secretName, secretVersion: VersionId, secret };
  }

  /** All secrets of a version, the newest first, whether or not they still sign. Each version is read once. */
  async function read({ secretName, secretVersion }: SecretPlace): Promise<SigningSecret[]> {
    const key = `${secretName} ${secretVersion}`;
    const known = remembered.get(key);
    if (known) return known;
    const { SecretString = '' } = await client.send(
      new GetSecretValueCommand({ SecretId: secretName, VersionId: secretVersion }),
    );
    const secrets = JSON.parse(SecretString) as SigningSecret[];
    if (remembered.size >= MOST_REMEMBERED) remembered.clear();
    remembered.set(key, secrets);
    return secrets;
  }

  /** Adds a secret in front of those that still sign. It counts only once the webhook's row names the version. */
  async function add(
    { secretName }: SecretPlace,
    others: readonly SigningSecret[],
  ): Promise<SecretPlace & { secret: string }> {
    const secret = newSecret();
    const { VersionId = '' } = await client.send(
      new PutSecretValueCommand({ SecretId: secretName, SecretString: JSON.stringify([{ secret }, ...others]) }),
    );
    return { secretName, secretVersion: VersionId, secret };
  }

  /** Deletes a secret for good. It may be deleted already. */
  async function remove({ secretName }: Pick<SecretPlace, 'secretName'>): Promise<void> {
    await client.send(new DeleteSecretCommand({ SecretId: secretName, ForceDeleteWithoutRecovery: true }));
  }

  return { create, read, add, remove };
}

/** The secrets that sign at a time, the newest first. */
export const signingAt = (secrets: readonly SigningSecret[], now: Date): SigningSecret[] =>
  secrets.filter(({ until }) => until === undefined || new Date(until) > now);
