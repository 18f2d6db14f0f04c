import { sns } from '@spillway/shared/runtime/aws.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';
import { notify } from '../../notification.ts';

const { ORDERS_TABLE, ORDERS_TOPIC_ARN } = environment({ ORDERS_TABLE: z.string(), ORDERS_TOPIC_ARN: z.string() });

export const handler = step(notify({ dynamo: dynamo(), table: ORDERS_TABLE }, sns(), ORDERS_TOPIC_ARN));
