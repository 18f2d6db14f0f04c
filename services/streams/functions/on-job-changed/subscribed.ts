import { GetTopicAttributesCommand, type SNSClient } from '@aws-sdk/client-sns';

/**
 * Whether anybody is subscribed to a topic. It asks the topic at most once in `lookEverySeconds`, so a new subscription gets
 * the events from at most so much later. A call costs as much as one that publishes.
 *
 * If the topic does not answer, somebody may be subscribed.
 *
 * @returns what answers, and remembers the answer
 */
export function subscribed(
  client: Pick<SNSClient, 'send'>,
  TopicArn: string,
  lookEverySeconds: number,
  now: () => number = Date.now,
): () => Promise<boolean> {
  let answer = false;
  let looksAgainAt = Number.NEGATIVE_INFINITY;
  return async () => {
    if (now() < looksAgainAt) return answer;
    try {
      const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn }));
      answer = Attributes?.SubscriptionsConfirmed !== '0';
      looksAgainAt = now() + lookEverySeconds * 1000;
    } catch {
      answer = true;
    }
    return answer;
  };
}
