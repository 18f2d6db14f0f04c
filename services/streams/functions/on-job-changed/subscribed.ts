import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';

/** It takes milliseconds. A topic that does not answer must leave most of a delivery's 20 s to what is published. */
const LONGEST_LOOK_MS = 2000;

/**
 * Whether anybody is subscribed to a topic. It asks the topic at most once in `lookEverySeconds`, so a new subscription can
 * miss the events of that time. A call costs as much as one that publishes.
 *
 * If the topic does not answer within two seconds, somebody may be subscribed.
 *
 * @returns what answers, and remembers the answer. It gives up at the signal
 */
export function subscribed(
  client: Pick<SNSClient, 'send'>,
  TopicArn: string,
  lookEverySeconds: number,
  now: () => number = Date.now,
): (signal: AbortSignal) => Promise<boolean> {
  let answer = false;
  let looksAgainAt = Number.NEGATIVE_INFINITY;
  return async (signal) => {
    if (now() < looksAgainAt) return answer;
    try {
      const abortSignal = AbortSignal.any([signal, AbortSignal.timeout(LONGEST_LOOK_MS)]);
      const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }), { abortSignal });
      answer = Attributes?.SubscriptionsConfirmed !== '0';
      looksAgainAt = now() + lookEverySeconds * 1000;
    } catch {
      answer = true;
    }
    return answer;
  };
}
