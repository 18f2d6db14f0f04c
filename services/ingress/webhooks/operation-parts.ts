import { WEBHOOK_ID } from '@spillway/shared/contracts/webhooks.ts';
import type { Parameter } from '../resources/operation-description.ts';

/** The path parameter of a webhook. */
export const webhookParameter: Parameter = {
  name: 'id',
  in: 'path',
  required: true,
  description: "The webhook's id.",
  schema: { type: 'string', pattern: WEBHOOK_ID.source },
};
