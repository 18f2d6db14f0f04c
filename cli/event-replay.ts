import { setTimeout as sleep } from 'node:timers/promises';
import {
  DescribeReplayCommand,
  EventBridgeClient,
  ListRulesCommand,
  StartReplayCommand,
} from '@aws-sdk/client-eventbridge';
import { CliError } from './errors.ts';

/** The bus of a stage, and its archive. */
export interface Bus {
  name: string;
  arn: string;
  archiveArn: string;
}

/** Which events are published again, and for whom. */
export interface EventReplay {
  from: Date;
  to: Date;
  /** ARNs of rules; empty for all of the bus. */
  rules: readonly string[];
}

/**
 * An event may take this long to reach the archive:
 * https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-archive.html#eb-archive-timing
 */
const ARCHIVED_AFTER_MINUTES = 10;

/** @throws CliError if the archive may not have all events up to a time yet */
export function checkArchived(to: Date, now: Date): void {
  const latest = new Date(now.getTime() - ARCHIVED_AFTER_MINUTES * 60_000);
  if (to <= latest) return;
  throw new CliError(
    'NOT_ARCHIVED',
    `An event can take ${ARCHIVED_AFTER_MINUTES} minutes to reach the archive, so a replay of the last ones would miss some: use --to ${latest.toISOString()}, or wait.`,
    2,
  );
}

const LOOK_EVERY_MS = 500;
const UNDER_WAY = ['STARTING', 'RUNNING'];

/** The bus of a stage. @param output reads an output of the stack of `streams` */
export const busOf = (output: (name: string) => string): Bus => ({
  name: output('BusName'),
  arn: output('BusArn'),
  archiveArn: output('EventArchiveArn'),
});

/**
 * Starts a replay of the bus's archive, and waits for its end.
 *
 * @returns its name
 * @throws CliError if EventBridge did not finish it
 */
export async function replayEvents(bus: Bus, { from, to, rules }: EventReplay): Promise<string> {
  const client = new EventBridgeClient();
  // unique in the account and region
  const ReplayName = `${bus.name}-${Date.now()}`;
  await client.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: bus.archiveArn,
      EventStartTime: from,
      EventEndTime: to,
      Destination: { Arn: bus.arn, ...(rules.length > 0 && { FilterArns: [...rules] }) },
    }),
  );
  for (;;) {
    const { State = '', StateReason } = await client.send(new DescribeReplayCommand({ ReplayName }));
    if (State === 'COMPLETED') return ReplayName;
    if (!UNDER_WAY.includes(State)) {
      throw new CliError(
        'NOT_REPLAYED',
        `The replay ${ReplayName} ended as ${State}: ${StateReason ?? 'no reason given'}`,
      );
    }
    await sleep(LOOK_EVERY_MS);
  }
}

/** The ARNs of rules of the bus. @throws CliError naming a rule that it does not have */
export async function ruleArns(bus: Bus, rules: readonly string[]): Promise<string[]> {
  const client = new EventBridgeClient();
  return Promise.all(rules.map((rule) => ruleArn(client, bus, rule)));
}

async function ruleArn(client: EventBridgeClient, { name }: Bus, rule: string): Promise<string> {
  const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName: name, NamePrefix: rule }));
  const found = Rules.find(({ Name }) => Name === rule)?.Arn;
  if (found) return found;
  throw new CliError(
    'NO_RULE',
    `The bus ${name} has no rule ${rule}. To see them: aws events list-rules --event-bus-name ${name}`,
  );
}
