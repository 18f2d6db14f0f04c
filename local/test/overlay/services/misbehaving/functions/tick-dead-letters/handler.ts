import { deadLetters } from '@spillway/shared/runtime/lane/dead-letters.ts';

export const handler = deadLetters();
