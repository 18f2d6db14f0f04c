import { type Command, InvalidArgumentError, Option } from 'commander';
import { readTime, readTimeAhead, TIME_AHEAD_EXAMPLES, TIME_EXAMPLES } from './times.ts';

/** Reads when something may start or has to end, for a request. */
export function parseTimeAhead(text: string): string {
  const time = readTimeAhead(text, new Date());
  if (time !== undefined) return time;
  throw new InvalidArgumentError(`It must be ${TIME_AHEAD_EXAMPLES}.`);
}

function parseTime(text: string): Date {
  const time = readTime(text);
  if (time) return time;
  throw new InvalidArgumentError(`It must be ${TIME_EXAMPLES}.`);
}

/** An option whose value is a time. @param flag with its dashes */
export const timeOption = (flag: string, description: string): Option =>
  new Option(`${flag} <time>`, description).argParser(parseTime);

/** What the options of a period say: times from the first one on, and before the second one. */
export interface Period {
  from?: Date;
  to?: Date;
}

/** Adds the options of a period, `--from` and `--to`, and refuses one that is empty. */
export const addPeriod = (command: Command, from: Option, to: Option): Command =>
  command
    .addOption(from)
    .addOption(to)
    .hook('preAction', (self) => {
      const period = self.opts<Period>();
      if (!period.from || !period.to || period.from < period.to) return;
      self.error(
        `option '--from' must be before '--to': ${period.from.toISOString()} is not before ${period.to.toISOString()}`,
      );
    });
