import { EVENT_TYPES, EVENTS } from '@spillway/shared/contracts/events/event-types.ts';
import { eventSchema } from '@spillway/shared/contracts/events/job-event.ts';
import { SOCKET_ACTIONS } from '@spillway/shared/contracts/socket.ts';
import { TEST_EVENT, TestEvent } from '@spillway/shared/contracts/webhooks.ts';
import * as z from 'zod';
import { PROBLEM_SCHEMA } from './openapi-components.ts';

type Fragment = Record<string, unknown>;

/** A message as the document describes it. */
export interface Message {
  name: string;
  summary: string;
  payload: Fragment;
}

/** The names of what a client sends over the socket. */
export const ACTIONS = Object.keys(SOCKET_ACTIONS) as (keyof typeof SOCKET_ACTIONS)[];

const PROBLEM: Message = {
  name: 'problem',
  summary: 'What the client sent could not be done, or the connection ends.',
  payload: {
    ...PROBLEM_SCHEMA,
    properties: {
      ...PROBLEM_SCHEMA.properties,
      about: { description: 'The message that it is about, if there was one.' },
    },
  },
};

/** A schema of a contract. A format says enough: the pattern behind it is longer than the rest of an event. */
function payloadOf(schema: z.core.$ZodType, io: 'input' | 'output'): Fragment {
  const { $schema: _, ...payload } = z.toJSONSchema(schema, {
    target: 'draft-7',
    io,
    override: ({ jsonSchema }) => {
      if (jsonSchema.format) delete jsonSchema.pattern;
    },
  });
  return payload;
}

/** Every message of the document, by its name. */
export const messages = (): Record<string, Message> =>
  Object.fromEntries(
    [
      ...EVENT_TYPES.map((type) => ({
        name: type,
        summary: EVENTS[type].summary,
        payload: payloadOf(eventSchema(type), 'output'),
      })),
      ...ACTIONS.map((action) => ({
        name: action,
        summary: SOCKET_ACTIONS[action].summary,
        // a rule of the contract that zod does not write down
        payload: { ...payloadOf(SOCKET_ACTIONS[action].schema, 'input'), not: { required: ['job', 'type'] } },
      })),
      {
        name: TEST_EVENT,
        summary: 'The tenant tests a webhook, with POST /webhooks/{id}/test.',
        payload: payloadOf(TestEvent, 'output'),
      },
      PROBLEM,
    ].map((message) => [message.name, message]),
  );
