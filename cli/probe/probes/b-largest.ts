import { GetObjectCommand, paginateListObjectsV2, S3Client } from '@aws-sdk/client-s3';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { ATTRIBUTES, OPTIONAL_PREFIX } from '@spillway/shared/contracts/submit-attributes.ts';
import { expectAll, type Probe } from '../check.ts';
import { type Context, inBackoff, outcomeOf, outcomesOf, type Submitted } from '../context.ts';
import { pauseLane } from '../lane-access.ts';
import { createReceiver, type Receiver } from '../receiver.ts';
import { resourceOf } from '../stage-resources.ts';

/** A job of the largest size takes a few seconds, and ten of them wait for each other. */
const SETTLES_WITHIN_SECONDS = 300;
/** Over 60 s, from where on a lane would send a message again, if it were not too long. */
const RETRY_AFTER_SECONDS = 61;
const LARGE = 'large';

/** The values that API Gateway fills in, at their longest: a client id, a time in milliseconds and a request id. */
const CONTEXT_VALUE_BYTES: Record<string, number> = { tenant: 26, acceptedAt: 13, requestId: 36 };

/**
 * How long the body of a POST may be: a message's limit includes the names, types and values of its attributes
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html).
 */
function longestBody(jobType: JobType): number {
  const attributes = Object.entries(ATTRIBUTES).filter(([, { from }]) => from !== 'path');
  const bytes = attributes.map(
    ([name]) => name.length + 'String'.length + (CONTEXT_VALUE_BYTES[name] ?? OPTIONAL_PREFIX.length),
  );
  return laneOf(jobType).maximumMessageBytes - bytes.reduce((sum, each) => sum + each, 0);
}

/** Fills a text with a character up to a number of bytes; the rest, less than a character, with spaces at the end. */
function filled(jobType: JobType, before: string, character: string, after: string): string {
  const room = longestBody(jobType) - Buffer.byteLength(before + after);
  const body = `${before}${character.repeat(Math.floor(room / Buffer.byteLength(character)))}${after}`;
  return body + ' '.repeat(longestBody(jobType) - Buffer.byteLength(body));
}

const COLUMNS = '"columns":[{"name":"a","type":"string"}]';
/** A field in quotes: each quote in it is doubled in CSV, and has a backslash in JSON. */
const quotes = () => filled(csvImport, '{"csv":"a\\n\\"', '\\"\\"', `\\"\\n",${COLUMNS}}`);
const emoji = () => filled(csvImport, '{"csv":"a\\n', '😀', `\\n",${COLUMNS}}`);
/** Accepted by the front door, and refused when it runs: two columns have the same name. */
const refused = () =>
  filled(
    csvImport,
    '{"csv":"a\\n',
    '😀',
    `\\n","columns":[{"name":"a","type":"string"},{"name":"a","type":"string"}]}`,
  );

const webhook = (url: string) => {
  const { secret } = webhookDelivery.example.input;
  return filled(webhookDelivery, `{"url":"${url}","secret":"${secret}","payload":{"a":"`, 'x', '"}}');
};

/** Submits a body of the largest size and waits for its outcome. */
const settles = (name: string, body: () => string) => ({
  name,
  expected: 'accepted with 202, and SUCCEEDED after one attempt',
  async run(_: Receiver, context: Context) {
    const text = body();
    const job = await context.tenant.submitText(csvImport.name, text);
    const view = await outcomeOf(context, job, SETTLES_WITHIN_SECONDS);
    return expectAll(`${Buffer.byteLength(text)} bytes: ${view.status} after ${view.attempts}`, {
      SUCCEEDED: view.status === 'SUCCEEDED' && view.attempts === 1,
    });
  },
});

/** Whether a job may be as long as we promise, on its whole way. */
export const largest: Probe<Receiver> = {
  letter: 'B',
  title: 'The largest messages',
  minutes: 6,
  lanes: [csvImport.name, webhookDelivery.name],
  does: [
    `switches the event source of ${csvImport.name} off for a minute: jobs wait`,
    'creates a public API that answers webhooks, without code',
  ],
  prepare: (context) =>
    createReceiver(context, 'large', { [LARGE]: { status: 503, retryAfterSeconds: RETRY_AFTER_SECONDS } }),
  checks: [
    settles('a body full of quotes, as long as a message may be', quotes),
    settles('a body full of characters of four bytes, as long as a message may be', emoji),
    {
      name: 'ten of them in the lane at once',
      expected: 'all SUCCEEDED after one attempt, although a batch of ten would be longer than Lambda’s 6 MB',
      async run(_, context) {
        const lane = await pauseLane(context, csvImport);
        const text = emoji();
        const jobs: Submitted[] = [];
        for (let n = 0; n < 10; n += 1) jobs.push(await context.tenant.submitText(csvImport.name, text));
        await lane.resume();
        const views = await outcomesOf(context, jobs, SETTLES_WITHIN_SECONDS);
        const good = views.filter(({ status, attempts }) => status === 'SUCCEEDED' && attempts === 1);
        return expectAll(`${good.length} of 10`, { 'all of them': good.length === 10 });
      },
    },
    {
      name: 'the archive record of one that failed',
      expected: 'FAILED with INPUT_REFUSED; the archive has its body unchanged',
      async run(_, context) {
        const text = refused();
        const job = await context.tenant.submitText(csvImport.name, text);
        const { status, error } = await outcomeOf(context, job, SETTLES_WITHIN_SECONDS);
        const record = await archived(context, job);
        return expectAll(`${status} ${error?.code}, a record of ${record?.length} characters`, {
          INPUT_REFUSED: status === 'FAILED' && error?.code === 'INPUT_REFUSED',
          'the same body': record !== undefined && JSON.parse(record).message.body === text,
        });
      },
    },
    {
      name: 'one that asks for a wait of 61 s, but is too long to be sent again',
      expected: `comes back by its visibility: SUCCEEDED after two attempts, at least ${RETRY_AFTER_SECONDS} s apart`,
      async run(receiver, context) {
        const job = await context.tenant.submitText(webhookDelivery.name, webhook(receiver.urlOf(LARGE)));
        await inBackoff(context, job);
        await receiver.change(LARGE, { status: 200 });
        const view = await outcomeOf(context, job, SETTLES_WITHIN_SECONDS);
        const [first = 0, second = 0] = view.history
          .filter(({ status }) => status === 'RUNNING')
          .map(({ at }) => Date.parse(at));
        const gapSeconds = (second - first) / 1000;
        return expectAll(`${view.status} after ${view.attempts}, ${gapSeconds.toFixed(1)} s apart`, {
          SUCCEEDED: view.status === 'SUCCEEDED' && view.attempts === 2,
          'the wait': gapSeconds >= RETRY_AFTER_SECONDS,
        });
      },
    },
  ],
};

/** The archive record of a failed job. */
async function archived(context: Context, { type, id }: Submitted): Promise<string | undefined> {
  const client = new S3Client();
  const Bucket = await resourceOf(context, 'archive');
  const Prefix = `failed/${context.tenant.clientId}/${type}/${id}/`;
  for await (const { Contents = [] } of paginateListObjectsV2({ client }, { Bucket, Prefix })) {
    for (const { Key } of Contents) {
      return (await client.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString();
    }
  }
  return undefined;
}
