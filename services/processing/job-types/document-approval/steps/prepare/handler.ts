import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { step } from '@spillway/shared/runtime/workflow/step.ts';
import * as z from 'zod/mini';
import { prepare } from '../../document.ts';

const { DOCUMENTS_TABLE } = environment({ DOCUMENTS_TABLE: z.string() });

export const handler = step(prepare({ dynamo: dynamo(), table: DOCUMENTS_TABLE }));
