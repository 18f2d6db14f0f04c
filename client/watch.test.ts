import { IDLE_SECONDS } from '@spillway/shared/contracts/socket-protocol.ts';
import { createClient, type JobChange } from './index.ts';
import { doorServer } from './testing/door-server.ts';
import { socketServer } from './testing/socket-server.ts';

const MINUTE_MS = 60_000;
const TWO_HOURS_MS = 120 * MINUTE_MS;
/** How much of the client's time passes between two looks. */
const STEP_MS = 50;
const sleep = global.setTimeout;

const timeOf = (revision: number) => new Date(Date.UTC(2026, 10, 27, 10, 0, revision)).toISOString();
const TYPES = ['job.accepted', 'job.started', 'job.succeeded'] as const;
/** The event with which a job reached a revision. */
const event = (revision: 0 | 1 | 2) => ({
  specversion: '1.0',
  id: `j.${revision}`,
  type: TYPES[revision],
  time: timeOf(revision),
  data: {
    jobType: 'csv-import',
    jobId: 'j',
    revision,
    attempt: Math.min(revision, 1),
    acceptedAt: timeOf(0),
    ...(revision === 2 && { settledAt: timeOf(2) }),
  },
});
const jwt = (expiresAt: number) => ['e30', btoa(JSON.stringify({ exp: expiresAt / 1000 })), 's'].join('.');

let door: Awaited<ReturnType<typeof doorServer>>;
let socket: Awaited<ReturnType<typeof socketServer>>;
let ending: AbortController;

beforeAll(async () => {
  [door, socket] = [await doorServer(), await socketServer()];
});
afterAll(() => {
  door.close();
  socket.close();
});
beforeEach(() => {
  // only the clock of the client and its timers: the network is real
  jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'performance'] });
  ending = new AbortController();
  socket.lets(true);
});
afterEach(() => {
  ending.abort(new Error('the test is over'));
  jest.useRealTimers();
});

/** Watches a job, or all jobs of its type. @returns the changes that it has shown, and how it ended */
function watching({ token = 'token', all = false }: { token?: string | (() => Promise<string>); all?: boolean } = {}) {
  const client = createClient({
    apiUrl: door.url,
    socketUrl: socket.url,
    apiKey: 'k',
    ...(typeof token === 'string' ? { token } : { token }),
  } as Parameters<typeof createClient>[0]);
  const changes: JobChange[] = [];
  const ended = (async () => {
    for await (const change of client.jobs.csvImport.watch(all ? undefined : 'j', { signal: ending.signal }))
      changes.push(change);
    return 'with the outcome';
  })().catch((error) => error);
  return { changes, ended };
}

/** Lets a little time of the client pass again and again, until something is true. */
async function until(what: string, isTrue: () => boolean): Promise<void> {
  for (let passedMs = 0; !isTrue(); passedMs += STEP_MS) {
    if (passedMs > MINUTE_MS) throw new Error(`${what}: not within a minute of the client's time`);
    // what was sent comes in between
    await new Promise((resolve) => sleep(resolve, 2));
    jest.advanceTimersByTime(STEP_MS);
  }
}

/** Lets minutes of the client pass while it has one connection. */
async function pass(minutes: number): Promise<void> {
  for (let passed = 0; passed < minutes; passed += 1) {
    jest.advanceTimersByTime(MINUTE_MS);
    await socket.connections[0]?.exchanged();
  }
}

const revisions = (changes: readonly JobChange[]) => changes.map(({ data }) => data.revision);
const received = () => socket.connections.flatMap(({ received: all }) => all.map(({ message }) => message));

describe('a watch over the socket', () => {
  it.each([
    ['a job', false],
    ['a type', true],
  ])('subscribes to %s again so often that the connection is never idle for ten minutes', async (_, all) => {
    socket.answers(() => {});
    watching({ all });
    await until('the subscription', () => received().length === 1);
    await pass(25);
    const [only, ...others] = socket.connections;
    expect(others).toEqual([]);
    const times = only?.received.map(({ at }) => at) ?? [];
    const pauses = times.slice(1).map((at, index) => at - Number(times[index]));
    expect(pauses.length).toBeGreaterThan(2);
    expect(Math.max(...pauses)).toBeLessThan(IDLE_SECONDS * 1000);
  });

  it('shows what happens to many jobs from now on, although its own clock is ahead, and catches up after that', async () => {
    jest.setSystemTime(new Date('2030-01-01T00:00:00Z'));
    socket.answers((connection, n) => {
      connection.send(event(n === 1 ? 1 : 2));
      if (n === 1) connection.exchanged().then(connection.drop);
    });
    const { changes } = watching({ all: true });
    await until('the second change', () => changes.length === 2);
    const [first, second] = received();
    expect([String(first?.since).slice(0, 4), second?.since]).toEqual(['2030', timeOf(1)]);
  });

  it('reconnects after a connection was lost, asks for what it missed, and shows each change once and in order', async () => {
    socket.answers((connection, n) => {
      for (const revision of n === 1 ? ([0, 1] as const) : ([0, 1, 1, 2] as const)) connection.send(event(revision));
      if (n === 1) connection.exchanged().then(connection.drop);
    });
    const { changes, ended } = watching();
    await until('the outcome', () => changes.at(-1)?.type === 'job.succeeded');
    expect(await ended).toBe('with the outcome');
    expect(revisions(changes)).toEqual([0, 1, 2]);
    expect(received().map(({ since }) => since)).toEqual(['1970-01-01T00:00:00.000Z', 1]);
  });

  it('goes on after the outcome of a job that was replayed, and ends with the newest one', async () => {
    const lives = ['accepted', 'started', 'failed', 'replayed', 'started', 'failed'].map((type, revision) => ({
      ...event(0),
      id: `j.${revision}`,
      type: `job.${type}`,
      time: timeOf(revision),
      data: { ...event(0).data, revision, ...(type === 'failed' && { settledAt: timeOf(revision) }) },
    }));
    let settledAt: string | undefined;
    door.answers(() => ({ body: { jobId: 'j', settledAt } }));
    socket.answers((connection) => {
      for (const each of lives.slice(0, 5)) connection.send(each);
    });
    const { changes, ended } = watching();
    await until('the second start', () => changes.length === 5);
    settledAt = timeOf(5);
    socket.connections[0]?.send(lives[5] ?? {});
    expect(await ended).toBe('with the outcome');
    expect(revisions(changes)).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it.each(['<html>', 'null', '"x"'])('opens a new connection when it gets %s instead of a message', async (text) => {
    socket.answers((connection, n) => connection.send(n === 1 ? text : event(2)));
    const { ended } = watching();
    await until('a second connection', () => received().length === 2);
    expect(await ended).toBe('with the outcome');
  });

  it('opens a new connection before API Gateway closes the old one after two hours', async () => {
    socket.answers((connection, n) => connection.send(event(n === 1 ? 1 : 2)));
    const { changes, ended } = watching();
    await until('the first change', () => changes.length === 1);
    jest.advanceTimersByTime(TWO_HOURS_MS - 10 * MINUTE_MS);
    await until('the outcome', () => changes.length === 2);
    expect(await ended).toBe('with the outcome');
    const [first, second] = socket.connections;
    expect(Number(second?.openedAt) - Number(first?.openedAt)).toBeLessThan(TWO_HOURS_MS);
  });

  it('opens a new connection with a new token before the old one expires', async () => {
    socket.answers((connection, n) => connection.send(event(n === 1 ? 1 : 2)));
    const lifetime = 15 * MINUTE_MS;
    const expires: number[] = [];
    const { changes, ended } = watching({
      token: async () => {
        const last = expires.at(-1) ?? 0;
        if (Date.now() > last - MINUTE_MS) expires.push(Math.ceil((Date.now() + lifetime) / 1000) * 1000);
        return jwt(Number(expires.at(-1)));
      },
    });
    await until('the first change', () => changes.length === 1);
    jest.advanceTimersByTime(lifetime - MINUTE_MS / 2);
    await until('the outcome', () => changes.length === 2);
    expect(await ended).toBe('with the outcome');
    const [first, second] = socket.connections;
    expect([first?.token, second?.token]).toEqual(expires.map(jwt));
    expect(second?.openedAt).toBeLessThan(Number(expires[0]));
  });

  it('goes on with a new connection when the server says that the token has expired and closes the old one', async () => {
    socket.answers((connection, n) => {
      connection.send(n === 1 ? { status: 401, title: 'Unauthorized', detail: 'It has expired.' } : event(2));
      if (n === 1) connection.close();
    });
    const { ended } = watching();
    await until('a second connection', () => received().length === 2);
    expect(await ended).toBe('with the outcome');
  });

  it.each([
    ['the server failed', { status: 500, title: 'Internal Server Error', detail: 'Send it again.' }],
    ['API Gateway failed', { message: 'Internal server error', connectionId: 'c', requestId: 'r' }],
  ])('asks for the same again within 10 seconds if %s', async (_, failure) => {
    socket.answers((connection) => {
      const asked = connection.received.length;
      connection.send(asked === 1 ? failure : event(2));
    });
    const { ended } = watching();
    await until('the second question', () => received().length === 2);
    expect(await ended).toBe('with the outcome');
    const [{ at: first = 0 } = {}, { at: second = 0 } = {}] = socket.connections[0]?.received ?? [];
    expect(second - first).toBeLessThanOrEqual(11_000);
    expect(new Set(received().map(({ since }) => since)).size).toBe(1);
  });

  it('goes on if a renewal misses more than can be sent, but fails if the first question does', async () => {
    const tooMuch = { status: 413, title: 'Payload Too Large', detail: 'You missed more than can be sent.' };
    socket.answers((connection) => {
      if (connection.received.length === 2) connection.send(tooMuch);
      connection.send(event(1));
    });
    const { changes } = watching({ all: true });
    await until('the first change', () => changes.length === 1);
    await pass(11);
    await until('a third question', () => received().length === 3);
    expect(socket.connections).toHaveLength(1);
    socket.answers((connection) => connection.send(tooMuch));
    expect(await watching({ all: true }).ended).toMatchObject({ status: 413 });
  });

  it('asks a new connection only for what came since the last change, if it cannot have all since the last renewal', async () => {
    const tooMuch = { status: 413, title: 'Payload Too Large', detail: 'You missed more than can be sent.' };
    socket.answers((connection, n) => {
      if (n === 1) connection.send({ ...event(1), time: new Date(Date.now() + 5 * MINUTE_MS).toISOString() });
      if (n === 1) connection.exchanged().then(connection.drop);
      else connection.send(connection.received.length === 1 ? tooMuch : event(2));
    });
    const { changes } = watching({ all: true });
    await until('the second change', () => changes.length === 2);
    const [, all, least] = received().map(({ since }) => Date.parse(String(since)));
    expect(Number(least) - Number(all)).toBeGreaterThanOrEqual(4 * MINUTE_MS);
  });

  it.each<[string, () => { token?: () => Promise<string> }, () => boolean]>([
    ['it waits for a token', () => ({ token: () => new Promise<string>(() => {}) }), () => true],
    ['it waits for events', () => ({}), () => received().length === 1],
    [
      'it waits to open another connection',
      () => {
        socket.answers((connection) => connection.close());
        return {};
      },
      () => received().length === 1,
    ],
    [
      'it polls',
      () => {
        socket.lets(false);
        door.answers(() => ({ status: 503 }));
        return {};
      },
      () => door.received.length > 0,
    ],
  ])('ends with the reason of its signal while %s', async (_, begin, isThere) => {
    door.answers(() => ({}));
    socket.answers(() => {});
    const { ended } = watching(begin());
    await until('that', isThere);
    ending.abort(new Error('no longer needed'));
    expect(await ended).toMatchObject({ message: 'no longer needed' });
  });

  it('fails if the server refuses what it asks for', async () => {
    socket.answers((connection) =>
      connection.send({ status: 429, title: 'Too Many Subscriptions', detail: 'Too many.' }),
    );
    const { ended } = watching();
    await until('the refusal', () => received().length === 1);
    expect(await ended).toMatchObject({ status: 429, message: expect.stringContaining('Too many.') });
  });
});

describe('a watch that cannot reach the socket', () => {
  const job = (states: string[], more: object = {}) => ({
    body: {
      jobId: 'j',
      type: 'csv-import',
      status: states.at(-1),
      attempts: 1,
      acceptedAt: timeOf(0),
      history: states.map((status, index) => ({ status, at: timeOf(index), attempt: Math.min(index, 1) })),
      links: { self: '/jobs/csv-import/j' },
      ...more,
    },
  });

  /** Lets the client look again and again, until it tries the socket. */
  async function untilSocketIsTried() {
    socket.lets(true);
    for (let n = door.received.length; socket.connections.length === 0; n = door.received.length) {
      jest.advanceTimersByTime(MINUTE_MS / 10);
      await until('the next look, or the socket', () => door.received.length > n || socket.connections.length > 0);
    }
  }

  it('polls, tries the socket again after a minute, and shows no change a second time over it', async () => {
    socket.lets(false);
    door.answers(() => job(['QUEUED', 'RUNNING']));
    socket.answers((connection) => {
      for (const revision of [0, 1, 2] as const) connection.send(event(revision));
    });
    const { changes, ended } = watching();
    await until('what polling finds', () => changes.length === 2);
    await untilSocketIsTried();
    await until('the outcome', () => changes.at(-1)?.type === 'job.succeeded');
    expect(await ended).toBe('with the outcome');
    expect(changes.map(({ type }) => type)).toEqual(['job.accepted', 'job.started', 'job.succeeded']);
    expect(received()[0]?.since).toBe(timeOf(1));
  });

  it('catches up from a time by the clock of the server, even if its own is ahead', async () => {
    socket.lets(false);
    door.answers((_, n) => job(['QUEUED', 'RUNNING'], { progress: { done: n, total: 100 } }));
    socket.answers((connection) => connection.send(event(2)));
    jest.setSystemTime(new Date('2030-01-01T00:00:00Z'));
    const { changes, ended } = watching();
    await until('what polling finds', () => changes.length === 2);
    jest.advanceTimersByTime(MINUTE_MS / 10);
    await until('the progress', () => changes.at(-1)?.type === 'job.progressed');
    await untilSocketIsTried();
    expect(await ended).toBe('with the outcome');
    expect(Date.parse(String(received()[0]?.since))).toBeLessThanOrEqual(Date.parse(timeOf(1)));
  });
});
