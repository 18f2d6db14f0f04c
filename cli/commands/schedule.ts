import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { Argument, type Command } from 'commander';
import { readInput } from '../input.ts';
import { inputOption, stageOption, tenantOption, typeArgument } from '../options.ts';
import { openFrontDoor } from '../session.ts';
import { timeOption } from '../time-options.ts';

const nameArgument = () => new Argument('<name>', "the schedule's name");

export function addSchedule(program: Command): void {
  const schedule = program.command('schedule').description('Submit jobs again and again, at the times of a schedule');

  add('put', 'Create a schedule, or replace the one with that name')
    .addArgument(nameArgument())
    .addArgument(typeArgument())
    .requiredOption('--expression <text>', 'when, such as "rate(5 minutes)" or "cron(0 3 * * ? *)"')
    .addOption(inputOption())
    .option('--timezone <name>', 'the time zone of a cron expression, such as Europe/Berlin')
    .addOption(timeOption('--ends-at', 'when it ends, such as 2027-03-01T00:00:00Z'))
    .option('--paused', 'submit nothing for now')
    .action(async (name: string, { name: type, example }: JobType, given) => {
      const { input, expression, timezone, endsAt, paused, ...options } = given;
      const { client } = await openFrontDoor(options);
      const written = await client.schedules.put(name, {
        type,
        input: input === undefined ? example.input : readInput(input),
        expression,
        ...(timezone && { timezone }),
        ...(endsAt && { endsAt: endsAt.toISOString() }),
        ...(paused && { paused }),
      });
      console.log(JSON.stringify(written, null, 2));
    });

  add('show', 'Print a schedule with its last and next run as JSON')
    .addArgument(nameArgument())
    .action(async (name: string, options) => {
      const { client } = await openFrontDoor(options);
      console.log(JSON.stringify(await client.schedules.get(name), null, 2));
    });

  add('list', 'Print all schedules, each as a line of JSON').action(async (options) => {
    const { client } = await openFrontDoor(options);
    for (const each of await client.schedules.list()) console.log(JSON.stringify(each));
  });

  add('delete', 'Delete a schedule; its jobs stay')
    .addArgument(nameArgument())
    .action(async (name: string, options) => {
      const { client } = await openFrontDoor(options);
      await client.schedules.delete(name);
      console.log(`The schedule ${name} is deleted.`);
    });

  function add(name: string, description: string): Command {
    return schedule.command(name).description(description).addOption(stageOption()).addOption(tenantOption());
  }
}
