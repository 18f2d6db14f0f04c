import type { SNSClient } from '@aws-sdk/client-sns';
import { subscribed } from './subscribed.ts';

const { signal } = new AbortController();

/** A topic that counts how often it is asked. */
function topicWith(confirmed: () => string) {
  const topic = {
    asked: 0,
    clock: 0,
    client: {
      send: async () => {
        topic.asked += 1;
        return { Attributes: { SubscriptionsConfirmed: confirmed() } };
      },
    } as unknown as Pick<SNSClient, 'send'>,
  };
  return topic;
}

describe('the topic of events', () => {
  it('is asked for its subscriptions once a minute, and finds a new one by then', async () => {
    let confirmed = '0';
    const topic = topicWith(() => confirmed);
    const isSubscribed = subscribed(topic.client, 'topic', 60, () => topic.clock);
    expect(await isSubscribed(signal)).toBe(false);
    confirmed = '1';
    topic.clock = 59_999;
    expect(await isSubscribed(signal)).toBe(false);
    topic.clock = 60_000;
    expect([await isSubscribed(signal), topic.asked]).toEqual([true, 2]);
  });

  it('counts as subscribed to while it does not answer, and is asked again for the next batch', async () => {
    let asked = 0;
    const down = {
      send: async () => {
        asked += 1;
        throw new Error('down');
      },
    } as unknown as Pick<SNSClient, 'send'>;
    const isSubscribed = subscribed(down, 'topic', 60, () => 0);
    expect([await isSubscribed(signal), await isSubscribed(signal), asked]).toEqual([true, true, 2]);
  });

  it('counts as subscribed to when the time of the delivery is up, although the topic hangs', async () => {
    const hanging = {
      send: (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) =>
        new Promise((_resolve, reject) => {
          abortSignal.addEventListener('abort', () => reject(abortSignal.reason));
        }),
    } as unknown as Pick<SNSClient, 'send'>;
    const delivery = new AbortController();
    const answer = subscribed(hanging, 'topic', 60, () => 0)(delivery.signal);
    delivery.abort();
    expect(await answer).toBe(true);
  });
});
