import { LambdaClient, paginateListEventSourceMappings, UpdateEventSourceMappingCommand } from '@aws-sdk/client-lambda';
import { PurgeQueueCommand } from '@aws-sdk/client-sqs';
import { laneUrl, sqs, stage } from './deployed.ts';

/**
 * Does something while the consumer of a standard lane gets no messages, or until it is resumed, and empties the lane
 * afterwards. No other test may use the lane meanwhile.
 */
export async function whileLaneIsPaused<Result>(
  { service, name }: { service: string; name: string },
  work: (lane: { resume(): Promise<void> }) => Promise<Result>,
): Promise<Result> {
  const lambda = new LambdaClient({});
  const FunctionName = `${service}-${stage.name}-${name}`;
  const sources: string[] = [];
  for await (const page of paginateListEventSourceMappings({ client: lambda }, { FunctionName })) {
    sources.push(...(page.EventSourceMappings ?? []).map(({ UUID = '' }) => UUID));
  }
  const enable = async (Enabled: boolean) => {
    for (const UUID of sources) await lambda.send(new UpdateEventSourceMappingCommand({ UUID, Enabled }));
  };
  await enable(false);
  try {
    return await work({ resume: () => enable(true) });
  } finally {
    await sqs.send(new PurgeQueueCommand({ QueueUrl: laneUrl(name) }));
    await enable(true);
  }
}
