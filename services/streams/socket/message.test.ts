import { checkMessage, readMessage } from './message.ts';
import { problemText, type SocketProblem } from './problems.ts';

const types = new Set(['csv-import']);
const job = { type: 'csv-import', jobId: 'import-1' };

function problemOf(body: string) {
  try {
    checkMessage(readMessage(body), types);
  } catch (error) {
    return JSON.parse(problemText(error as SocketProblem, 'id'));
  }
  throw new Error('it was accepted');
}

describe('a message of a client', () => {
  it.each([
    { action: 'subscribe' },
    { action: 'subscribe', type: 'csv-import', since: '2026-11-27T10:00:00Z' },
    { action: 'subscribe', job, since: 3 },
    { action: 'subscribe', job, since: '2026-11-27T10:00:00+01:00' },
    { action: 'unsubscribe', job },
  ])('is read: %j', (message) => {
    expect(readMessage(JSON.stringify(message))).toEqual(message);
  });

  it.each([
    ['not json', 400, 'not JSON'],
    ['', 400, 'not JSON'],
    ['null', 400, 'it must be an object whose action is subscribe or unsubscribe.'],
    ['[]', 400, 'not valid'],
    ['{"action":"shout"}', 400, 'action must be subscribe or unsubscribe.'],
    ['{}', 400, 'action must be subscribe or unsubscribe.'],
    ['{"action":"subscribe","since":-1}', 400, 'since'],
    ['{"action":"subscribe","since":"yesterday"}', 400, 'since must be a revision such as 3, or a time such as'],
    ['{"action":"subscribe","since":"10000-01-01T00:00:00Z"}', 400, 'since'],
    ['{"action":"subscribe","since":"2026-02-30T00:00:00Z"}', 400, 'since'],
    [`{"action":"subscribe","job":${JSON.stringify(job)},"since":1e400}`, 400, 'since'],
    [`{"action":"subscribe","job":${JSON.stringify(job)},"since":0.5}`, 400, 'since'],
    [`{"action":"subscribe","job":${JSON.stringify(job)},"since":99999999999999999999}`, 400, 'a revision such as 3'],
    ['{"action":"subscribe","since":7}', 400, 'A revision'],
    ['{"action":"subscribe","job":"import-1"}', 400, 'job'],
    // half of a pair: not a text that a table can keep
    ['{"action":"subscribe","job":{"type":"csv-import","jobId":"\\ud800"}}', 400, 'jobId'],
    ['{"action":"subscribe","type":"csv-import","job":{"type":"csv-import","jobId":"1"}}', 400, 'not both'],
    ['{"action":"subscribe","tenant":"somebody"}', 400, 'tenant'],
    ['{"action":"subscribe","type":"no-such-type"}', 404, 'no-such-type'],
  ])('is refused with a problem that says why: %s', (body, status, why) => {
    const problem = problemOf(body);
    expect([problem.status, problem.detail]).toEqual([status, expect.stringContaining(why)]);
  });

  it('is not repeated at length in the problem', () => {
    expect(problemOf(`{"action":"subscribe","${'x'.repeat(10_000)}":1}`).detail.length).toBeLessThan(300);
  });
});
