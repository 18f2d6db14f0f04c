import { setTimeout as sleep } from 'node:timers/promises';
import { SetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { ownTenant } from '@spillway/e2e/callers.ts';
import { eventually, laneUrl, sqs, submit, type Tenant } from '@spillway/e2e/deployed.ts';
import { eventsOf, openMany, socketsOfTests, type TestSocket } from '@spillway/e2e/sockets.ts';
import { killWorkersOf } from '@spillway/e2e/workers.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';

const open = socketsOfTests();

const QUEUE = laneUrl('push', '.fifo');
/** In seconds. A push that was killed comes again after this time, so the test shortens it. */
const VISIBILITY = { usual: '60', short: '5' };
const setVisibility = (VisibilityTimeout: string) =>
  sqs.send(new SetQueueAttributesCommand({ QueueUrl: QUEUE, Attributes: { VisibilityTimeout } }));

const JOBS = 4;
/** Accepted, started and succeeded. */
const EVENTS_A_JOB = 3;
const KILLS = 3;
const LOOK_EVERY_MS = 5;

const submitSome = (as: Tenant): Promise<string[]> =>
  Promise.all(
    Array.from({ length: JOBS }, async () => {
      const { body } = await submit('csv-import', csvImport.example.input, undefined, { as });
      return body.jobId;
    }),
  );

/** Kills the workers of on-push as soon as some messages have come, and again when more have. @returns how many had come by the first kill */
async function killWhilePushing(received: () => number): Promise<number> {
  const cameBefore: number[] = [];
  while (cameBefore.length < KILLS) {
    const came = received();
    if (came > (cameBefore.at(-1) ?? 0) && killWorkersOf('on-push') > 0) cameBefore.push(came);
    else await sleep(LOOK_EVERY_MS);
  }
  return cameBefore[0] ?? 0;
}

describe('a push whose function is killed', () => {
  beforeAll(() => setVisibility(VISIBILITY.short));
  afterAll(() => setVisibility(VISIBILITY.usual));

  it('comes again, so that each connection still gets every event of every job in order', async () => {
    const tenant = await ownTenant('killed');
    const sockets = await openMany(open, tenant);
    const ids = await submitSome(tenant);
    const came = await killWhilePushing(() => sockets.reduce((sum, { messages }) => sum + messages.length, 0));
    // so what was killed had more to send
    expect(came).toBeLessThan(sockets.length * JOBS * EVENTS_A_JOB);
    const revisionsOf = (id: string, { messages }: TestSocket) =>
      eventsOf(id, messages).map(({ data }) => data.revision);
    for (const [index, socket] of sockets.entries()) {
      for (const id of ids) {
        const outcome = async () => revisionsOf(id, socket).at(-1) === EVENTS_A_JOB - 1;
        await eventually(`the outcome of a job on connection ${index}`, outcome);
        expect(revisionsOf(id, socket)).toEqual([0, 1, 2]);
      }
    }
  });
});
