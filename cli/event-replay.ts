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
  /** Names of rules; empty for all of the bus. */
  rules: string[];
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
 * @throws CliError if there is no such rule, or if EventBridge did not finish it
 */
export async function replayEvents(bus: Bus, { from, to, rules }: EventReplay): Promise<string> {
  const client = new EventBridgeClient();
  const FilterArns = await Promise.all(rules.map((rule) => ruleArn(client, bus, rule)));
  // unique in the account and region
  const ReplayName = `${bus.name}-${Date.now()}`;
  await client.send(
    new StartReplayCommand({
      ReplayName,
      EventSourceArn: bus.archiveArn,
      EventStartTime: from,
      EventEndTime: to,
      Destination: { Arn: bus.arn, ...(rules.length > 0 && { FilterArns }) },
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

async function ruleArn(client: EventBridgeClient, { name }: Bus, rule: string): Promise<string> {
  const { Rules = [] } = await client.send(new ListRulesCommand({ EventBusName: name, NamePrefix: rule }));
  const found = Rules.find(({ Name }) => Name === rule)?.Arn;
  if (found) return found;
  throw new CliError(
    'NO_RULE',
    `The bus ${name} has no rule ${rule}. To see them: aws events list-rules --event-bus-name ${name}`,
  );
}
