import { isSettled, JOB_STATUSES, LONGEST_PAGE } from '@spillway/shared/contracts/job.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { Argument, type Command, Option } from 'commander';
import { callerOptions, limitOption, parsePattern, stageOption, tenantOption } from '../options.ts';
import { openFrontDoor } from '../session.ts';

const idArgument = () => new Argument('<id>', "the webhook's id");
const show = (value: unknown) => console.log(JSON.stringify(value, null, 2));
/** For an option that can be given several times. */
const collect = (value: string, before: string[] = []) => [...before, value];

export function addWebhooks(program: Command): void {
  const webhooks = program.command('webhooks').description('Send the events of jobs to a URL, signed');

  add('put', 'Create a webhook and print its secret, or replace the one with that id')
    .addArgument(idArgument())
    .requiredOption('--url <url>', 'where its events go, by https')
    .option(
      '--event <type>',
      'an event that it gets, such as job.failed; can be repeated; by default all outcomes',
      collect,
    )
    .option('--job-type <name>', 'only events of this job type; can be repeated', collect)
    .option('--disabled', 'send nothing for now')
    .action(async (id: string, { url, event, jobType, disabled, ...options }) => {
      const { client } = await openFrontDoor(options);
      show(
        await client.webhooks.put(id, {
          url,
          ...(event && { events: event }),
          ...(jobType && { jobTypes: jobType }),
          ...(disabled && { disabled }),
        }),
      );
    });

  add('show', 'Print a webhook as JSON, without its secret')
    .addArgument(idArgument())
    .action(async (id: string, options) => {
      const { client } = await openFrontDoor(options);
      show(await client.webhooks.get(id));
    });

  add('list', 'Print all webhooks, each as a line of JSON').action(async (options) => {
    const { client } = await openFrontDoor(options);
    for (const each of await client.webhooks.list()) console.log(JSON.stringify(each));
  });

  add('delete', 'Delete a webhook with its secret')
    .addArgument(idArgument())
    .action(async (id: string, options) => {
      const { client } = await openFrontDoor(options);
      await client.webhooks.delete(id);
      console.log(`The webhook ${id} is deleted.`);
    });

  add('rotate', 'Give a webhook a new secret and print it; the old one still signs for a while')
    .addArgument(idArgument())
    .option('--overlap-hours <number>', 'how long the old secret still signs; by default 24', (text) =>
      Number(
        parsePattern(
          text,
          /^\d{1,4}$/,
          'It must be a whole number of hours, such as 24. With 0, the old secret ends at once.',
        ),
      ),
    )
    .action(async (id: string, { overlapHours, ...options }) => {
      const { client } = await openFrontDoor(options);
      show(await client.webhooks.rotateSecret(id, { ...(overlapHours !== undefined && { overlapHours }) }));
    });

  add('test', 'Send a webhook a test event now, and print its outcome')
    .addArgument(idArgument())
    .action(async (id: string, options) => {
      const { client } = await openFrontDoor(options);
      const job = await client.webhooks.test(id);
      const { status, error, result } = await client.jobs.webhookDelivery.waitFor(job, {
        // a receiver that refuses it is tried again for minutes
        until: ({ settledAt, error }) => settledAt !== undefined || error !== undefined,
      });
      show({ jobId: job.jobId, status, ...(error && { error }), ...(result && { result }) });
      if (!error) return;
      process.exitCode = 1;
      if (isSettled(status)) return;
      console.error(
        `The delivery failed and will be tried again. To follow it: npm run spillway -- watch ${webhookDelivery.name} ${job.jobId}${callerOptions(options)}`,
      );
    });

  add('deliveries', 'Print the deliveries to a webhook, the newest first, each as a line of JSON')
    .addArgument(idArgument())
    .addOption(new Option('--status <status>', 'only the deliveries in this status').choices(JOB_STATUSES))
    .addOption(limitOption('deliveries'))
    .action(async (id: string, { status, limit, ...options }) => {
      const { client } = await openFrontDoor(options);
      let left: number = limit;
      let cursor: string | undefined;
      do {
        const page = await client.webhooks.deliveries(id, { status, cursor, limit: Math.min(left, LONGEST_PAGE) });
        for (const delivery of page.deliveries) console.log(JSON.stringify(delivery));
        left -= page.deliveries.length;
        cursor = page.cursor;
      } while (cursor && left > 0);
    });

  function add(name: string, description: string): Command {
    return webhooks.command(name).description(description).addOption(stageOption()).addOption(tenantOption());
  }
}
