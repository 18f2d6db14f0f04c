import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { stackOutputs } from '@spillway/client/stack-outputs.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { laneName } from '@spillway/shared/contracts/lane.ts';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { confirm } from '../confirm.ts';
import { busOf, type EventReplay, replayEvents } from '../event-replay.ts';
import { stageOption } from '../options.ts';
import { askAndResend, type Choice } from '../resend/ask-and-resend.ts';
import { refusedEvents } from '../resend/events.ts';
import { findTarget } from '../session.ts';

export function addEvents(program: Command): void {
  const events = program.command('events').description('Publish events again');
  events
    .command('resend')
    .description(
      'Send events again that the bus, the topic, the lane of webhooks or Kinesis refused, with the same ids (docs/events.md)',
    )
    .option('--dry-run', 'only count them')
    .option('--yes', 'do not ask before sending')
    .addOption(stageOption())
    .action(async ({ stage, ...choice }: Choice & { stage?: string }) => {
      const target = await findTarget(stage);
      const { name } = target.stage;
      const streams = await stackOutputs('streams', name, 'bus');
      const places = refusedEvents({
        stage: name,
        archive: (await stackOutputs('processing', name, 'archive'))('ArchiveBucketName'),
        bus: streams('BusName'),
        topicArn: streams('EventTopicArn'),
        laneUrl: await urlOf(laneName(webhookDelivery, name)),
      });
      await askAndResend('events', places, choice);
    });
  events
    .command('replay')
    .description(
      'Publish the events of a period again on the bus, from its archive, with the same ids but in any order (docs/events.md)',
    )
    .addOption(timeOption('--from <time>', 'events of this time or later, such as 2026-03-01T09:30:00Z'))
    .addOption(timeOption('--to <time>', 'events up to this time'))
    .addOption(
      new Option('--rule <name>', 'only for this rule of the bus; can be repeated').argParser(
        (name: string, before: string[] = []) => [...before, name],
      ),
    )
    .option('--yes', 'do not ask before replaying')
    .addOption(stageOption())
    .action(async ({ stage, yes, rule: rules = [], ...times }: Options) => {
      const target = await findTarget(stage);
      const bus = busOf(await stackOutputs('streams', target.stage.name, 'bus'));
      const replay = { ...times, rules };
      console.error(describe(bus.name, replay));
      if (!yes) await confirm('Replay them? [y/N] ', /^y(es)?$/i, 'Nothing was replayed.', '--yes');
      console.log(await replayEvents(bus, replay));
    });
}

async function urlOf(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await new SQSClient().send(new GetQueueUrlCommand({ QueueName }));
  return QueueUrl;
}

interface Options extends Pick<EventReplay, 'from' | 'to'> {
  stage?: string;
  yes?: true;
  rule?: string[];
}

const timeOption = (flags: string, description: string) =>
  new Option(flags, description).argParser(parseTime).makeOptionMandatory();

function parseTime(text: string): Date {
  const time = new Date(text);
  if (Number.isNaN(time.getTime())) throw new InvalidArgumentError('It must be a time, such as 2026-03-01T09:30:00Z.');
  return time;
}

const describe = (bus: string, { from, to, rules }: EventReplay) =>
  `The events on ${bus} from ${from.toISOString()} to ${to.toISOString()} will be published again to ${
    rules.length > 0 ? rules.join(', ') : 'all its rules'
  }. EventBridge bills each as a new event.`;
