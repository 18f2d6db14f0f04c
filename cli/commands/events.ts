import { GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import { stackOutputs } from '@spillway/client/stack-outputs.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { laneName } from '@spillway/shared/contracts/lane.ts';
import { publishedInFull } from '@spillway/shared/packaging/job-types.ts';
import { type Command, Option } from 'commander';
import { confirm } from '../confirm.ts';
import { busOf, checkArchived, replayEvents, ruleArns } from '../event-replay.ts';
import { stageOption } from '../options.ts';
import { askAndResend, type Choice } from '../resend/ask-and-resend.ts';
import { refusedEvents } from '../resend/events.ts';
import { findTarget } from '../session.ts';
import { addPeriod, type Period, timeOption } from '../time-options.ts';

export function addEvents(program: Command): void {
  const events = program.command('events').description('Publish events again');
  events
    .command('resend')
    .description(
      'Send again, with the same ids, the events that the bus, the topic, Kinesis or the lane of webhook-delivery refused, or that the event source gave up on (docs/events.md)',
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
        failures: streams('FailuresBucketName'),
        bus: streams('BusName'),
        topicArn: streams('EventTopicArn'),
        laneUrl: await urlOf(laneName(webhookDelivery, name)),
        hasEventStream: streams('EventStreamName', '') !== '',
        inFull: new Set(publishedInFull()),
      });
      await askAndResend('events', places, choice);
    });
  const replay = events
    .command('replay')
    .description(
      'Publish the events of a period again on the bus, from its archive, with the same ids but in any order (docs/events.md)',
    );
  addPeriod(
    replay,
    timeOption('--from', 'events of this time or later').makeOptionMandatory(),
    timeOption('--to', 'events up to this time, which on AWS must be ten minutes ago').makeOptionMandatory(),
  )
    .addOption(
      new Option('--rule <name>', 'only for this rule of the bus; can be repeated').argParser(
        (name: string, before: string[] = []) => [...before, name],
      ),
    )
    .option('--yes', 'do not ask before replaying')
    .addOption(stageOption())
    .action(async ({ stage, yes, rule: names = [], from, to }: Options) => {
      const target = await findTarget(stage);
      // the engine archives at once
      if (!target.endpoint) checkArchived(to, new Date());
      const bus = busOf(await stackOutputs('streams', target.stage.name, 'bus'));
      const rules = await ruleArns(bus, names);
      console.error(
        `The events on ${bus.name} from ${from.toISOString()} to ${to.toISOString()} will be published again to ${
          names.length > 0 ? names.join(', ') : 'all its rules'
        }. EventBridge bills each as a new event.`,
      );
      if (!yes) await confirm('Replay them? [y/N] ', /^y(es)?$/i, 'Nothing was replayed.', '--yes');
      console.log(await replayEvents(bus, { from, to, rules }));
    });
}

async function urlOf(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await new SQSClient().send(new GetQueueUrlCommand({ QueueName }));
  return QueueUrl;
}

interface Options extends Required<Period> {
  stage?: string;
  yes?: true;
  rule?: string[];
}
