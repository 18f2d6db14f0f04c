import { BatchWriteItemCommand, DynamoDBClient, QueryCommand } from '@aws-sdk/client-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { tokenSource } from '@spillway/client/access-token.ts';
import { frontDoor } from '@spillway/client/front-door.ts';
import type { Credentials } from '@spillway/client/tenants.ts';
import { percentile } from '@spillway/demo/burst/summary.ts';
import { MOST_SUBSCRIPTIONS } from '@spillway/shared/contracts/socket-protocol.ts';
import { partsOf } from '@spillway/shared/runtime/parts-of.ts';
import { arrivalsOnSocket, delayOf, percentileCells } from './delays.ts';
import type { Deployed } from './deployed-engine.ts';
import { submitAndHear, until } from './outcomes.ts';
import { JOB_TYPE } from './pipe.ts';
import { tableOf } from './table.ts';

const CONNECTIONS = 5000;
/** The open sockets over which these connections are spread: opening thousands would take longer than all the rest. */
const SOCKETS = 50;
const EVENTS_A_JOB = 3;
/** If nothing has come for this long, nothing more will: what on-push cannot send in its time is dropped. */
const QUIET_MS = 8000;
/** Jobs of the other tenant in a round, one after the other. */
const JOBS = 25;
const ROUNDS = 2;
/** Messages of one connection, far more than it may have subscriptions. */
const MESSAGES = 10_000;
const WRITES_A_CALL = 25;

/** Measures how much a tenant waits while another one has thousands of connections, or floods its own. @returns a table */
export async function measureFanOut(deployed: Deployed): Promise<string> {
  const [quiet, crowd] = [
    await callerOf(deployed, deployed.tenant),
    await callerOf(deployed, await deployed.another()),
  ];
  quiet.socket.say({ action: 'subscribe' });
  const sockets = [crowd.socket];
  while (sockets.length < SOCKETS) sockets.push((await callerOf(deployed, crowd.tenant)).socket);
  for (const socket of sockets) socket.say({ action: 'subscribe' });
  const table = new Connections(deployed.stage.name, crowd.tenant.clientId);
  await until('the subscriptions', async () => (await table.rows()).length === SOCKETS);
  await table.multiply();

  const heard = () => sockets.reduce((sum, socket) => sum + socket.counted().events, 0);
  const pushes: { seconds: number; events: number }[] = [];
  /** Lets a job's events go to all connections, and waits until they have come, or no more come. */
  const pushToAll = async () => {
    const [start, before] = [Date.now(), heard()];
    await submitAndHear(crowd.door, crowd.socket.arrivals);
    let [last, lastAt] = [0, Date.now()];
    await until('the events of all connections', () => {
      const events = heard() - before;
      if (events > last) [last, lastAt] = [events, Date.now()];
      return events >= CONNECTIONS * EVENTS_A_JOB || Date.now() - lastAt > QUIET_MS;
    });
    pushes.push({ seconds: (lastAt - start) / 1000, events: last });
  };
  const delays: Record<'alone' | 'beside many' | 'beside a flood', number[]> = {
    alone: [],
    'beside many': [],
    'beside a flood': [],
  };
  const jobs = async (into: number[]) => {
    for (let n = 0; n < JOBS; n += 1) into.push(delayOf(await submitAndHear(quiet.door, quiet.socket.arrivals)));
  };
  // starts the functions
  await pushToAll();
  await jobs([]);
  for (let round = 0; round < ROUNDS; round += 1) {
    await jobs(delays.alone);
    await besides(pushToAll, () => jobs(delays['beside many']));
  }
  const flood = (await callerOf(deployed, crowd.tenant)).socket;
  const start = Date.now();
  const flooding = async () => {
    for (let n = 0; n < MESSAGES; n += 1)
      flood.say({ action: 'subscribe', job: { type: JOB_TYPE.name, jobId: `f-${n}` } });
    let [last, lastAt] = [0, Date.now()];
    await until('the end of the answers', () => {
      const { problems } = flood.counted();
      if (problems > last) [last, lastAt] = [problems, Date.now()];
      return problems >= MESSAGES || Date.now() - lastAt > QUIET_MS;
    });
  };
  await Promise.all([flooding(), jobs(delays['beside a flood'])]);
  const floodSeconds = (Date.now() - start) / 1000;
  for (const socket of [...sockets, quiet.socket, flood]) socket.close();

  const alone = percentile(delays.alone, 0.95);
  const seconds = pushes.map((push) => push.seconds);
  const came = pushes.reduce((sum, { events }) => sum + events, 0);
  const share = Math.floor((100 * came) / (pushes.length * CONNECTIONS * EVENTS_A_JOB));
  return [
    `Milliseconds from settled to on the socket, of a tenant's ${JOB_TYPE.name} jobs, one after the other`,
    tableOf([
      ['', 'p50', 'p95', 'last', 'p95 / alone'],
      ...Object.entries(delays).map(([name, all]) => [
        name,
        ...percentileCells(all),
        (percentile(all, 0.95) / alone).toFixed(2),
      ]),
    ]),
    `"many": another tenant's jobs go to its ${CONNECTIONS} connections over ${SOCKETS} sockets, a job after the other; ${share} % of the ${EVENTS_A_JOB} events of each came, the last one after ${percentile(seconds, 0.5).toFixed(1)} s (p50).`,
    `"a flood": one connection sends ${MESSAGES} subscriptions. ${flood.counted().problems} were answered, in ${floodSeconds.toFixed(0)} s; it may have ${MOST_SUBSCRIPTIONS}.`,
  ].join('\n');
}

/** Does something again and again while something else runs. */
async function besides(again: () => Promise<void>, work: () => Promise<void>): Promise<void> {
  let done = false;
  const working = work().finally(() => {
    done = true;
  });
  while (!done) await again();
  await working;
}

/** A tenant with a front door and an open socket. */
async function callerOf({ stage }: Deployed, tenant: Credentials) {
  const token = tokenSource(stage, tenant);
  const socket = await arrivalsOnSocket(String(stage.socketUrl), await token());
  return { tenant, socket, door: frontDoor(stage, { token, apiKey: tenant.apiKey }) };
}

/** The subscriptions of a tenant to all of its jobs: services/streams/socket/table.ts. */
class Connections {
  readonly #dynamo = new DynamoDBClient({});
  readonly #table: string;
  readonly #pk: string;

  constructor(stage: string, tenant: string) {
    this.#table = `spillway-${stage}-connections`;
    this.#pk = `all#${tenant}`;
  }

  async rows(): Promise<Record<string, unknown>[]> {
    const { Items = [] } = await this.#dynamo.send(
      new QueryCommand({
        TableName: this.#table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: marshall({ ':pk': this.#pk }),
      }),
    );
    return Items.map((item) => unmarshall(item));
  }

  /** Adds subscriptions of the same sockets, evenly over the parts of the push. */
  async multiply(): Promise<void> {
    const rows = await this.rows();
    const further = Array.from({ length: CONNECTIONS - rows.length }, (_, n) => ({
      ...rows[n % rows.length],
      sk: `${(n % 256).toString(16).padStart(2, '0')}#further-${n}`,
    }));
    for (const part of partsOf(further, WRITES_A_CALL)) {
      const writes = part.map((row) => ({ PutRequest: { Item: marshall(row) } }));
      await this.#dynamo.send(new BatchWriteItemCommand({ RequestItems: { [this.#table]: writes } }));
    }
  }
}
