import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';
import { chargeCard } from '../../payment.ts';
import { testProvider } from '../../provider.ts';

const { ORDERS_TABLE } = environment({ ORDERS_TABLE: z.string() });

export const handler = step(chargeCard({ dynamo: dynamo(), table: ORDERS_TABLE }, testProvider));
