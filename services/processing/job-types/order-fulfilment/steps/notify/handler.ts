import { SNSClient } from '@aws-sdk/client-sns';
import { dynamo } from '@spillway/shared/runtime/clients.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { step } from '@spillway/shared/runtime/step.ts';
import { TIMEOUTS } from '@spillway/shared/runtime/timeouts.ts';
import { traced } from '@spillway/shared/runtime/tracing.ts';
import * as z from 'zod/mini';
import { notify } from '../../notification.ts';

const { ORDERS_TABLE, ORDERS_TOPIC_ARN } = environment({ ORDERS_TABLE: z.string(), ORDERS_TOPIC_ARN: z.string() });

export const handler = step(
  notify({ dynamo: dynamo(), table: ORDERS_TABLE }, traced(new SNSClient(TIMEOUTS)), ORDERS_TOPIC_ARN),
);
