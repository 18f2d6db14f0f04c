import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { CreateQueueCommand, DeleteQueueCommand } from '@aws-sdk/client-sqs';
import { engineEnvironment } from '@spillway/engine/engine-environment.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { engine, sqs } from './deployed.ts';
import { TEST_TREE } from './test-tree.ts';

/** A stage on which nothing is deployed but the queue that an ordered lane once had. */
const STAGE = 'changed-lane';
const CLI_SECONDS = 120;

it(
  'a deploy is refused, with what to do, while the queue of a lane’s other kind exists',
  async () => {
    const { QueueUrl } = await sqs.send(
      new CreateQueueCommand({ QueueName: `spillway-${STAGE}-csv-import.fifo`, Attributes: { FifoQueue: 'true' } }),
    );
    try {
      const deploying = promisify(execFile)(join(ROOT, 'node_modules/.bin/serverless'), ['deploy', '--stage', STAGE], {
        cwd: join(TEST_TREE, 'services/processing'),
        env: engineEnvironment(engine.endpoint),
      });
      await expect(deploying).rejects.toMatchObject({
        stdout: expect.stringContaining(
          `PackagingError: the lane of csv-import cannot become standard: its ordered queue spillway-${STAGE}-csv-import.fifo exists`,
        ),
      });
    } finally {
      await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    }
  },
  CLI_SECONDS * 1000,
);
