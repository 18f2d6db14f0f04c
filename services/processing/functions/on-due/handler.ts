import { onDue } from '@spillway/shared/runtime/due/handler.ts';

export const handler = onDue();
