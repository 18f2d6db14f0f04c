import { randomUUID } from 'node:crypto';
import { accessToken } from '@spillway/client/access-token.ts';
import { one, other, stage, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { eventsOf, isAbout, openSocket, type Sent, socketsOfTests } from '@spillway/e2e/sockets.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { SUBPROTOCOL } from '@spillway/shared/contracts/socket-protocol.ts';

const open = socketsOfTests();
const isOutcome = (message: Sent) => message.data?.settledAt !== undefined;

describe('opening the socket', () => {
  it('lets a caller in with the token as a subprotocol, and chooses the other one', async () => {
    expect((await open(one)).protocol).toBe(SUBPROTOCOL);
  });

  it('lets a caller in with the token in the header Authorization', async () => {
    expect((await open({ headers: { authorization: `Bearer ${one.token}` } })).protocol).toBe('');
  });

  it.each([
    ['no token', {}],
    ['a token that nobody signed', { protocols: [SUBPROTOCOL, `${one.token.slice(0, -8)}AAAAAAAA`] }],
    ['something that is not a token', { headers: { authorization: 'Bearer x' } }],
  ])('refuses a caller with %s', async (_, opening) => {
    await expect(openSocket(opening)).rejects.toThrow('refused');
  });

  it('refuses a caller whose token lacks the scope to read', async () => {
    const token = await accessToken(stage, one, ['jobs/submit']);
    await expect(openSocket({ token })).rejects.toThrow('refused');
  });
});

describe('the socket', () => {
  it('pushes each change of a job in order, to those who subscribe to it, to its type, or to all', async () => {
    const jobId = randomUUID();
    const subscriptions = [{ job: { type: 'csv-import', jobId } }, { type: 'csv-import' }, {}];
    const listeners = await Promise.all(subscriptions.map(() => open(one)));
    // nothing says when a subscription to many jobs is there: one that is later than the job catches up
    const since = new Date().toISOString();
    for (const [index, listener] of listeners.entries()) {
      listener.say({ action: 'subscribe', ...subscriptions[index], since });
    }
    await listeners[0]?.hear('that the job is not known', ({ status }) => status === 404);
    await submit('csv-import', csvImport.example.input, jobId);
    for (const listener of listeners) {
      await listener.hear('the outcome', (message) => isAbout(jobId)(message) && isOutcome(message));
      const events = eventsOf(jobId, listener.messages);
      expect(events.map(({ type }) => type)).toEqual(['job.accepted', 'job.started', 'job.succeeded']);
      expect(events.map(({ data }) => data.revision)).toEqual([0, 1, 2]);
    }
  });

  it('pushes nothing of another tenant, and does not say whether its jobs exist', async () => {
    const { body } = await submit('csv-import', csvImport.example.input);
    await waitForOutcome('csv-import', body.jobId);
    const listener = await open(other);
    for (const jobId of [body.jobId, randomUUID()]) {
      listener.say({ action: 'subscribe', job: { type: 'csv-import', jobId }, since: 0 });
      const { detail } = await listener.hear(
        'a problem',
        ({ about, status }) => status === 404 && about?.job?.jobId === jobId,
      );
      expect(detail).toBe(
        `Job ${jobId} of type csv-import is unknown, or has not started yet. If it is yours, you will get its events.`,
      );
    }
    expect(listener.messages.filter(isAbout(body.jobId))).toEqual([]);
  });
});
