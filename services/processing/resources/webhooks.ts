import type { Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { onDemandTable } from '@spillway/shared/packaging/tables.ts';

/**
 * The tenants' webhooks. Only shared/webhooks knows its keys. It is here because the consumer of webhook-delivery reads it, and no
 * service may need one that is deployed later; the API writes it, and the reader of the stream compares events with it.
 */
export const webhooks: Stack = {
  Resources: {
    WebhooksTable: onDemandTable('${self:custom.webhooksTable}', {
      attributes: ['sk'],
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
    }),
  },
};
