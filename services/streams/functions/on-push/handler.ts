import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { socketObserver } from '@spillway/shared/runtime/observers.ts';
import type { SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { connections } from '../../socket/connections.ts';
import { deliver } from '../../socket/deliver.ts';
import { PushPart } from '../../socket/hand-on.ts';
import { LONGEST_PUSH_MS, PushRate, paceOf } from '../../socket/push-rate.ts';
import { wire } from '../../socket/wire.ts';

const { CONNECTIONS_TABLE, STAGE, PUSH_MESSAGES_PER_SECOND } = environment({
  CONNECTIONS_TABLE: z.string(),
  STAGE: z.string(),
  PUSH_MESSAGES_PER_SECOND: PushRate,
});
const store = connections(dynamo(), CONNECTIONS_TABLE);
const line = wire(STAGE);
const observer = socketObserver();
const pace = paceOf(PUSH_MESSAGES_PER_SECOND);

/** Pushes events to a part of the many connections that get them. If it fails, the message comes again, in its order. */
export async function handler({ Records }: SQSEvent): Promise<void> {
  // slow clients must not hold up a part for longer; the function ends 10 s later
  const endsAt = Date.now() + LONGEST_PUSH_MS;
  try {
    for (const { body, attributes } of Records) {
      const { target, apiId, part, texts } = PushPart.parse(JSON.parse(body));
      const ids = await store.subscribers(target, new Date(), { part });
      const recipients = ids.map((id) => ({ id, apiId, targets: [target], texts }));
      const sent = await deliver(recipients, { wire: line, store, observer, endsAt, pace });
      if (sent > 0) observer.pushed(sent, Date.now() - Number(attributes.SentTimestamp));
    }
  } finally {
    observer.flush();
  }
}
