import { EVENT_TYPES } from '@spillway/shared/contracts/events/event-types.ts';
import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';
import { TEST_EVENT } from '@spillway/shared/contracts/webhooks.ts';
import { eventStreamName } from '@spillway/shared/events/put-in-order.ts';
import { ACTIONS } from './asyncapi-messages.ts';

/** A way on which events leave the platform. */
export interface Way {
  title: string;
  description: string;
  address: string;
  /** https://www.asyncapi.com/docs/reference/specification/v3.0.0#serverObject */
  server: {
    host: string;
    protocol: string;
    description: string;
    pathname?: string;
    variables?: Record<string, { description: string }>;
    security?: readonly object[];
  };
  /** What is in braces in the address. */
  parameters?: Record<string, { description: string }>;
  /** What is special about the protocol: https://github.com/asyncapi/bindings */
  bindings?: object;
  /** The names of the messages that the platform sends. */
  sends: readonly string[];
  /** The names of those that it takes, if any. */
  takes?: readonly string[];
}

/** Every way, by the name of its channel. */
export const WAYS: Readonly<Record<string, Way>> = {
  bus: {
    title: 'The event bus',
    description:
      'An event is the detail of an EventBridge event; its type is the detail-type. The bus keeps no order: of two events of a job, the one with the higher revision is the later one. Outcomes and conflicts are published, and the other events of job types whose contract says so.',
    address: 'spillway-${sls:stage}',
    server: { host: 'events.${aws:region}.amazonaws.com', protocol: 'eventbridge', description: 'Amazon EventBridge' },
    sends: EVENT_TYPES,
  },
  topic: {
    title: 'The topic',
    description:
      'The same events as on the bus, in no order. Filter policies may use the message attributes type, outcome (only of outcomes), tenant and jobType.',
    address: 'spillway-${sls:stage}-events',
    server: { host: 'sns.${aws:region}.amazonaws.com', protocol: 'sns', description: 'Amazon SNS' },
    sends: EVENT_TYPES,
  },
  socket: {
    title: 'The socket',
    description:
      "All events of the tenant's jobs to which the connection is subscribed. Drop an event whose revision is not higher than the last one of its job: it came twice, or a newer one has overtaken it.",
    address: '/',
    server: {
      host: '{socketApi}.execute-api.${aws:region}.amazonaws.com',
      pathname: '/${sls:stage}',
      protocol: 'wss',
      description: 'Amazon API Gateway',
      variables: { socketApi: { description: 'The output SocketApiId of the stack streams-${sls:stage}.' } },
      security: [
        {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: `An access token with the scope jobs/read, in the header Authorization or, as browsers cannot set it, as a subprotocol beside ${SUBPROTOCOL}. Never in the URL, which is logged.`,
        },
      ],
    },
    bindings: {
      ws: {
        method: 'GET',
        headers: {
          type: 'object',
          properties: {
            Authorization: { type: 'string', description: 'Bearer, a space, and the access token.' },
            'Sec-WebSocket-Protocol': { type: 'string', description: `${SUBPROTOCOL}, a comma, and the access token.` },
          },
        },
      },
    },
    sends: [...EVENT_TYPES, 'problem'],
    takes: ACTIONS,
  },
  kinesis: {
    title: 'The Kinesis stream',
    description:
      'All events, each as the data of a record, those of a job in order, for a week. Only stages that are deployed with the parameter kinesis=on have it. An event can come twice: drop one whose revision is not higher than the last one of its job.',
    address: eventStreamName('${sls:stage}'),
    server: { host: 'kinesis.${aws:region}.amazonaws.com', protocol: 'kinesis', description: 'Amazon Kinesis' },
    sends: EVENT_TYPES,
  },
  webhooks: {
    title: "A tenant's webhook",
    description:
      'The events that the webhook asks for, in no order, each as the body of a POST. The headers webhook-id, webhook-timestamp and webhook-signature are those of the Standard Webhooks spec: verify them first.',
    address: '{path}',
    parameters: { path: { description: 'As in the URL of the webhook, PUT /webhooks/{id}.' } },
    server: {
      host: '{host}',
      protocol: 'https',
      description: "The tenant's receiver",
      variables: { host: { description: 'As in the URL of the webhook.' } },
    },
    sends: [...EVENT_TYPES, TEST_EVENT],
  },
};
