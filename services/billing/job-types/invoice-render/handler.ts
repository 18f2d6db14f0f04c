import invoiceRender from '@spillway/shared/contracts/jobs/invoice-render.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { consumer } from '@spillway/shared/runtime/lane/consumer.ts';
import { objects } from '@spillway/shared/runtime/objects.ts';
import * as z from 'zod/mini';
import { render } from './run.ts';

const { PAYLOAD_BUCKET } = environment({ PAYLOAD_BUCKET: z.string() });

export const handler = consumer(invoiceRender, render(objects(PAYLOAD_BUCKET)));
