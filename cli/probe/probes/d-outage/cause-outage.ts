import {
  DeleteFunctionConcurrencyCommand,
  GetFunctionConcurrencyCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
} from '@aws-sdk/client-lambda';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { type Context, inBackoff, outcomeOf, outcomesOf, pause, type Submitted, until } from '../../context.ts';
import { consumerOf, countMessages } from '../../lane-access.ts';
import { createReceiver } from '../../receiver.ts';

/** How much is done. On the engine less, because npm test does it. */
const ON_AWS = {
  outageSeconds: 25 * 60,
  fresh: 100,
  waiting: 20,
  waitSeconds: 300,
  keys: 10,
  each: 20,
  backoffs: [7, 50],
};
const ON_ENGINE = { outageSeconds: 10, fresh: 20, waiting: 5, waitSeconds: 20, keys: 4, each: 5, backoffs: [7] };
/** Throttled messages come back when their visibility ends, and the lanes must be drained. */
const DRAINED_WITHIN_SECONDS = 900;
/** What an outage did to the jobs. */
export interface Outage {
  startedAt: Date;
  backoffs: { seconds: number; gapSeconds: number }[];
  fresh: JobView[];
  waiting: JobView[];
  /** The jobs of each order key, in the order in which they were accepted. */
  ordered: JobView[][];
  deadLetters: number;
}

/** Stops a function from being invoked, until the clean-up. @returns lets it be invoked again */
async function stop(context: Context, jobType: JobType): Promise<() => Promise<void>> {
  const lambda = new LambdaClient();
  const FunctionName = consumerOf(jobType, context);
  const { ReservedConcurrentExecutions: before } = await lambda.send(
    new GetFunctionConcurrencyCommand({ FunctionName }),
  );
  const putBack = context.cleanUp.add(`put back the concurrency of ${FunctionName}`, () =>
    before === undefined
      ? lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }))
      : lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: before })),
  );
  await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 0 }));
  return putBack;
}

/** How long after its first attempt each job was tried again. */
const gapOf = ({ history }: JobView): number => {
  const [first = 0, second = 0] = history.filter(({ status }) => status === 'RUNNING').map(({ at }) => Date.parse(at));
  return (second - first) / 1000;
};

/** Stops the consumers for a while, with jobs of every kind in their lanes, and waits until all of them are settled. */
export async function causeOutage(context: Context): Promise<Outage> {
  const size = context.endpoint ? ON_ENGINE : ON_AWS;
  const startedAt = new Date();
  const pathOf = (seconds: number) => `after-${seconds}`;
  const receiver = await createReceiver(context, 'outage', {
    accept: { status: 200 },
    ...Object.fromEntries(
      [...size.backoffs, size.waitSeconds].map((s) => [pathOf(s), { status: 503, retryAfterSeconds: s }]),
    ),
  });
  const deliver = (path: string) =>
    context.tenant.submit(webhookDelivery.name, { ...webhookDelivery.example.input, url: receiver.urlOf(path) });

  const backoffs: Outage['backoffs'] = [];
  for (const seconds of size.backoffs) {
    const job = await deliver(pathOf(seconds));
    const view = await until(context, 'a second attempt', seconds + 120, async () => {
      const { body } = await context.tenant.door.job(job.type, job.id, job.acceptedAt);
      return body.attempts >= 2 && body;
    });
    backoffs.push({ seconds, gapSeconds: gapOf(view) });
    await receiver.change(pathOf(seconds), { status: 200 });
    await outcomeOf(context, job, seconds + 120);
  }

  const waiting: Submitted[] = [];
  for (let n = 0; n < size.waiting; n += 1) waiting.push(await deliver(pathOf(size.waitSeconds)));
  for (const job of waiting) await inBackoff(context, job);
  const starts = [await stop(context, webhookDelivery), await stop(context, ledgerPosting)];
  await receiver.change(pathOf(size.waitSeconds), { status: 200 });
  const fresh: Submitted[] = [];
  for (let n = 0; n < size.fresh; n += 1) fresh.push(await deliver('accept'));
  const ordered: Submitted[][] = Array.from({ length: size.keys }, () => []);
  for (let n = 0; n < size.each; n += 1)
    for (const [key, jobs] of ordered.entries()) jobs.push(await post(context, key, n));
  context.report(`D: nothing is invoked for ${size.outageSeconds} s`);
  await pause(context, size.outageSeconds);
  const deadLetters =
    (await countMessages(context, webhookDelivery, true)) + (await countMessages(context, ledgerPosting, true));
  for (const start of starts) await start();
  const settled = (jobs: Submitted[]) => outcomesOf(context, jobs, DRAINED_WITHIN_SECONDS);
  return {
    startedAt,
    backoffs,
    deadLetters,
    waiting: await settled(waiting),
    fresh: await settled(fresh),
    ordered: await Promise.all(ordered.map(settled)),
  };
}

/** Posts to an account of the probe's own tenant. */
function post({ tenant }: Context, key: number, n: number): Promise<Submitted> {
  const account = `probe-${key}`;
  return tenant.submit(ledgerPosting.name, {
    account,
    currency: 'EUR',
    reference: `posting ${n}`,
    lines: [
      { account, amount: 1 },
      { account: 'probe-other', amount: -1 },
    ],
  });
}
