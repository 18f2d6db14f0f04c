import { DeleteSecretCommand, paginateListSecrets, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { webhookSecretsPrefix } from '@spillway/shared/webhooks/names.ts';
import { collect, type Kind } from './kind.ts';

/**
 * The secrets of the tenants' webhooks, which no stack owns: ingress creates one for each webhook. Their table does not name
 * all of them, since a creation that was interrupted leaves one behind, and the table may be gone.
 *
 * Secrets Manager may not list what was created, and may still list what was deleted, in the last five minutes
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_ListSecrets.html).
 */
export const webhookSecrets: Kind = {
  title: 'secrets of webhooks',
  async find({ stage }) {
    const prefix = webhookSecretsPrefix(stage);
    const client = new SecretsManagerClient();
    const secrets = await collect(
      // a filter by name finds the names that begin with it
      paginateListSecrets({ client }, { Filters: [{ Key: 'name', Values: [prefix] }] }),
      ({ SecretList = [] }) => SecretList,
    );
    return secrets
      .filter(({ Name }) => Name?.startsWith(prefix))
      .map(({ Name: name = '', Description: content }) => ({
        name,
        ...(content && { content }),
        remove: () => client.send(new DeleteSecretCommand({ SecretId: name, ForceDeleteWithoutRecovery: true })),
      }));
  },
};
