import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';
import { reserveStock } from '../../stock.ts';

const { ORDERS_TABLE, INITIAL_STOCK } = environment({
  ORDERS_TABLE: z.string(),
  INITIAL_STOCK: z.coerce.number().check(z.int(), z.nonnegative()),
});

export const handler = step(reserveStock({ dynamo: dynamo(), table: ORDERS_TABLE }, INITIAL_STOCK));
