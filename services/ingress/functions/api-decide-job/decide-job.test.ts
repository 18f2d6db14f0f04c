import type { DecideAnswer } from '@spillway/shared/job-store/waits.ts';
import { decideJob } from './decide-job.ts';

const NOW = new Date('2026-11-27T00:00:00.000Z');
const decision = { decision: 'approve', at: NOW.toISOString() } as const;
const request = {
  tenant: 'tenant-1',
  type: 'document-approval',
  jobId: 'job-1',
  path: '/dev/jobs/document-approval/job-1/decision',
  body: '{"decision":"approve"}',
};

/** Decides, with a row and a workflow that answer as given. */
async function decide(answer: DecideAnswer, goOn = async () => true, body = request.body) {
  const warned: string[] = [];
  const tools = {
    waits: { decide: async () => answer },
    goOn,
    due: { send: async () => {} },
    firstLookSeconds: 900,
    now: () => NOW,
    logger: { warn: (text: string) => void warned.push(text) },
  };
  return { answer: await decideJob({ ...request, body }, tools), warned };
}

const decided: DecideAnswer = { kind: 'decided', token: 'token-1', decision, soon: undefined };

describe('a decision', () => {
  it('is accepted once it is recorded, with a link to the job', async () => {
    const { answer } = await decide(decided);
    expect(answer).toMatchObject({
      status: 202,
      body: { jobId: 'job-1', decision: 'approve', links: { self: '/dev/jobs/document-approval/job-1' } },
    });
  });

  it('counts although its workflow cannot be reached, which the log says', async () => {
    const { answer, warned } = await decide(decided, () => Promise.reject(new Error('throttled')));
    expect(answer.status).toBe(202);
    expect(warned).toHaveLength(1);
  });

  it('counts although its workflow no longer waits with the token: the workflow reads it before it gives up', async () => {
    expect((await decide(decided, async () => false)).answer.status).toBe(202);
  });

  it.each(['RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED'] as const)(
    'that is sent again is answered with the recorded one, as its own, although the job is %s',
    async (status) => {
      await expect(decide({ kind: 'not-waiting', status, decision })).rejects.toMatchObject({
        code: 'decisionRepeated',
        message: expect.stringContaining(decision.at),
        members: { repeated: true, recorded: decision },
      });
    },
  );

  it.each([
    ['is another one', '{"decision":"reject"}'],
    ['has another comment', '{"decision":"approve","comment":"Go."}'],
  ])('that comes second and %s is refused with the recorded one', async (_, body) => {
    const refused = decide({ kind: 'not-waiting', status: 'SUCCEEDED', decision }, undefined, body);
    await expect(refused).rejects.toMatchObject({ code: 'alreadyDecided', members: { recorded: decision } });
    await expect(refused).rejects.not.toHaveProperty('members.repeated');
  });

  it.each<[string, DecideAnswer, string, string]>([
    ['the job is unknown', { kind: 'unknown' }, 'unknownJob', 'Job job-1'],
    ['the job runs', { kind: 'not-waiting', status: 'RUNNING', decision: undefined }, 'notWaiting', 'it is RUNNING'],
    [
      'the job has ended',
      { kind: 'not-waiting', status: 'EXPIRED', decision: undefined },
      'notWaiting',
      'it is EXPIRED',
    ],
    [
      'its time is over',
      { kind: 'not-waiting', status: 'WAITING', decision: undefined },
      'notWaiting',
      'its time is over',
    ],
    [
      'somebody asked to cancel it',
      { kind: 'not-waiting', status: 'WAITING', decision: undefined, cancelling: true },
      'notWaiting',
      'it is to be cancelled',
    ],
  ])('is refused when %s', async (_, answer, code, detail) => {
    await expect(decide(answer)).rejects.toMatchObject({ code, message: expect.stringContaining(detail) });
  });

  it('is refused when its body is not JSON', async () => {
    await expect(decide(decided, undefined, '')).rejects.toMatchObject({ code: 'notJson' });
  });

  it.each(['null', '[]', '"approve"', '{"decision":"approve","at":"now"}', '{"decision":"APPROVE"}'])(
    'is refused when its body is %j',
    async (body) => {
      await expect(decide(decided, undefined, body)).rejects.toMatchObject({ code: 'badBody' });
    },
  );
});
