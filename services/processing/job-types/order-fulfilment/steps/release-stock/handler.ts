import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';
import { releaseStock } from '../../stock.ts';

const { ORDERS_TABLE } = environment({ ORDERS_TABLE: z.string() });

export const handler = step(releaseStock({ dynamo: dynamo(), table: ORDERS_TABLE }));
