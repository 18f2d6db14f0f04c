import {
  CloudFormationClient,
  CreateStackCommand,
  DeleteStackCommand,
  UpdateStackCommand,
  waitUntilStackCreateComplete,
  waitUntilStackDeleteComplete,
  waitUntilStackRollbackComplete,
  waitUntilStackUpdateComplete,
} from '@aws-sdk/client-cloudformation';
import { DeleteQueueCommand, GetQueueUrlCommand } from '@aws-sdk/client-sqs';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { DELETION, type Resource } from '@spillway/shared/packaging/cloudformation.ts';
import { deadLettersId, lane, laneId } from '@spillway/shared/packaging/lanes.ts';
import { sqs } from './deployed.ts';

const NAME = 'failed-first-deploy';
const QUEUE = `spillway-${NAME}-csv-import`;
const PATIENCE = { client: new CloudFormationClient({}), maxWaitTime: 30, minDelay: 1, maxDelay: 1 };
const STACK = { StackName: NAME };

/** The lane as a real stage has it, which keeps its data, with what the framework fills in. */
const real = JSON.stringify(lane(csvImport).Resources)
  .replaceAll('${self:custom.deletion.removed}', DELETION.Retain.removed)
  .replaceAll('${self:custom.deletion.replaced}', DELETION.Retain.replaced)
  .replaceAll('${sls:stage}', NAME);
const resources: Record<string, Resource> = JSON.parse(real);
/** A queue that SQS refuses, and that is created after the lane. */
const failing: Resource = {
  Type: 'AWS::SQS::Queue',
  DependsOn: [laneId(csvImport), deadLettersId(csvImport)],
  Properties: { QueueName: `${QUEUE}-refused`, VisibilityTimeout: 99_999_999 },
};
const template = (all: Record<string, Resource>) =>
  JSON.stringify({ Resources: { Marker: { Type: 'AWS::SNS::Topic' }, ...all } });

const exists = async (QueueName: string) => {
  try {
    return await sqs.send(new GetQueueUrlCommand({ QueueName }));
  } catch {
    return false;
  }
};

it('a first deploy that failed midway leaves no lane behind, can be repeated, and its lane then outlives the stack', async () => {
  const { client } = PATIENCE;
  // the framework creates a stack without the service, and then updates it
  await client.send(new CreateStackCommand({ ...STACK, TemplateBody: template({}) }));
  await waitUntilStackCreateComplete(PATIENCE, STACK);

  await client.send(new UpdateStackCommand({ ...STACK, TemplateBody: template({ ...resources, Failing: failing }) }));
  await waitUntilStackRollbackComplete(PATIENCE, STACK);
  expect(await exists(QUEUE)).toBe(false);

  await client.send(new UpdateStackCommand({ ...STACK, TemplateBody: template(resources) }));
  await waitUntilStackUpdateComplete(PATIENCE, STACK);
  expect(await exists(QUEUE)).toBeTruthy();

  await client.send(new DeleteStackCommand(STACK));
  await waitUntilStackDeleteComplete(PATIENCE, STACK);
  for (const queue of [QUEUE, `${QUEUE}-dlq`]) {
    const kept = await exists(queue);
    expect(kept).toBeTruthy();
    if (kept) await sqs.send(new DeleteQueueCommand({ QueueUrl: kept.QueueUrl }));
  }
}, 240_000);
