import { randomBytes } from 'node:crypto';
import { tokenSource } from '@spillway/client/access-token.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage } from '@spillway/client/deployed-stage.ts';
import { type FrontDoor, frontDoor } from '@spillway/client/front-door.ts';
import { lakeFrom } from '@spillway/client/lake.ts';
import { eventually } from '@spillway/e2e/deployed.ts';
import { TEST_TREE } from '@spillway/e2e/test-tree.ts';
import { deployAll } from '@spillway/engine/deploy.ts';
import { startEngine, stopEngine } from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/engine-environment.ts';
import { tenantsFolder } from '@spillway/engine/engine-folder.ts';
import { outputOf, readOutputs } from '@spillway/engine/outputs.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { countFacts, FACTS_A_JOB } from './count-facts.ts';
import { type AcceptedJob, sendBurst } from './send.ts';

/** Not the engine of the other tests, which must not notice that this one stops. */
const NAME = 'restart';
const COUNT = 200;
/** Jobs whose attempts were ended by the stop wait for the visibility timeout of their messages, 40 s. */
const PATIENCE_SECONDS = 120;
const LIMIT_MS = 360_000;

afterAll(() => stopEngine(NAME, { forget: true }));

describe('an engine that is stopped during a burst', () => {
  it(
    'continues with every job, tenant and token after an engine was stopped during a burst and started again',
    async () => {
      const first = await startEngine({ name: NAME, port: 0, keep: true });
      await deployAll(first, { root: TEST_TREE });
      useEngine(first.endpoint);
      const stage = await readStage(STAGE, first.endpoint);
      const outputs = await readOutputs(first);
      const lake = lakeFrom((name) => outputOf(outputs, 'analytics', name));
      const credentials = await credentialFiles(tenantsFolder(NAME)).ensure(stage, 'demo');
      const door = frontDoor(stage, { token: tokenSource(stage, credentials), apiKey: credentials.apiKey });

      const accepted: AcceptedJob[] = [];
      const traceId = randomBytes(16).toString('hex');
      await sendBurst({
        door,
        jobTypes: [ledgerPosting],
        count: COUNT,
        sinkUrl: '',
        traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-01`,
        accepted: (job) => void accepted.push(job),
      });
      expect(await countSucceeded(door)).toBeLessThan(COUNT);
      expect(await stopEngine(NAME)).toBe('kept');
      expect(await startEngine({ name: NAME, port: first.port, keep: true })).toMatchObject({ resumed: true });

      await eventually('all jobs succeeded', async () => (await countSucceeded(door)) === COUNT, PATIENCE_SECONDS);
      const facts = async () => (await countFacts(lake, traceId)).distinct >= FACTS_A_JOB * COUNT;
      await eventually('the lake has the facts of all jobs', facts);
    },
    LIMIT_MS,
  );
});

async function countSucceeded(door: FrontDoor): Promise<number> {
  let count = 0;
  let cursor: string | undefined;
  do {
    const { body } = await door.jobs(ledgerPosting.name, { limit: '100', ...(cursor && { cursor }) });
    count += body.jobs.filter(({ status }) => status === 'SUCCEEDED').length;
    cursor = body.cursor;
  } while (cursor);
  return count;
}
