import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { socketObserver } from '@spillway/shared/runtime/observers.ts';
import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { connections } from '../../socket/connections.ts';
import { deliver, type Pace } from '../../socket/deliver.ts';
import { PushPart } from '../../socket/hand-on.ts';
import { wire } from '../../socket/wire.ts';

const { CONNECTIONS_TABLE, STAGE } = environment({ CONNECTIONS_TABLE: z.string(), STAGE: z.string() });
const store = connections(dynamo(), CONNECTIONS_TABLE);
const line = wire(STAGE);
const observer = socketObserver();

/** Slow clients must not hold up a part for longer; the function ends 10 s later. */
const LONGEST_PUSH_MS = 20_000;
/**
 * 312 messages a second. All 16 instances (function.yml) then send at most 5,000: half of what API Gateway takes from an account for
 * all of its APIs, the front door included (https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html). One event
 * reaches 5,000 connections within about a second.
 */
const PACE: Pace = { atOnce: 5, leastMs: 16 };

/** Pushes events to a part of the many connections that get them. If it fails, the message comes again, in its order. */
export async function handler({ Records }: SQSEvent): Promise<void> {
  const endsAt = Date.now() + LONGEST_PUSH_MS;
  try {
    for (const { body, attributes } of Records) {
      const { target, apiId, part, texts } = PushPart.parse(JSON.parse(body));
      const ids = await store.subscribers(target, new Date(), { part });
      const recipients = ids.map((id) => ({ id, apiId, targets: [target], texts }));
      const sent = await deliver(recipients, { wire: line, store, observer, endsAt, pace: PACE });
      if (sent > 0) observer.pushed(sent, Date.now() - Number(attributes.SentTimestamp));
    }
  } finally {
    observer.flush();
  }
}
