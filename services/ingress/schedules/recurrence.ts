import { Cron } from 'croner';

/** When a schedule runs. */
export interface Recurrence {
  /** The first time after another one; undefined if there is none. */
  next(after: Date): Date | undefined;
  /** The last times up to and including another one, newest first, as if it had always run. */
  previous(upTo: Date, count: number): Date[];
  /** How long it is from one time to the next, for a rate. */
  intervalMs?: number;
}

/** An expression or a time zone that EventBridge Scheduler would refuse. The message says what to write. */
export class RecurrenceError extends Error {
  override readonly name = 'RecurrenceError';
  readonly code = 'INVALID_RECURRENCE';
  readonly field: 'expression' | 'timezone';

  constructor(field: RecurrenceError['field'], message: string) {
    super(message);
    this.field = field;
  }
}

const RATE = /^rate\((\d{1,6}) (minute|hour|day)s?\)$/;
const CRON = /^cron\(([^()]+)\)$/;
const UNIT_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/**
 * Reads a schedule expression of EventBridge Scheduler
 * (https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html).
 *
 * @param anchor the first time of a rate
 * @throws RecurrenceError if it is not valid
 */
export function readRecurrence(expression: string, timezone: string, anchor: Date): Recurrence {
  checkTimezone(timezone);
  const [, count, unit] = RATE.exec(expression) ?? [];
  if (count && unit) return everyMs(Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS], anchor);
  const [, fields] = CRON.exec(expression) ?? [];
  if (fields) return byCron(fields.trim().split(/\s+/), timezone);
  throw new RecurrenceError('expression', 'use "rate(5 minutes)" or "cron(0 3 * * ? *)"');
}

/** Scheduler takes the names of the IANA database, but Node also takes offsets such as `+01:00`. */
function checkTimezone(timezone: string): void {
  try {
    if (!/^[A-Za-z]/.test(timezone)) throw new RangeError('an offset is not a name');
    new Intl.DateTimeFormat('en', { timeZone: timezone });
  } catch {
    throw new RecurrenceError('timezone', 'use a name of the IANA time zone database, such as "Europe/Berlin"');
  }
}

function everyMs(intervalMs: number, anchor: Date): Recurrence {
  if (intervalMs === 0) throw new RecurrenceError('expression', 'the number of a rate must be 1 or more');
  const first = anchor.getTime();
  const at = (index: number) => new Date(first + index * intervalMs);
  const indexUpTo = (time: Date) => Math.floor((time.getTime() - first) / intervalMs);
  return {
    intervalMs,
    next: (after) => at(Math.max(0, indexUpTo(after) + 1)),
    previous: (upTo, count) => Array.from({ length: count }, (_, index) => at(indexUpTo(upTo) - index)),
  };
}

/** The lowest and highest value of each field. */
const FIELDS = [
  { name: 'minutes', low: 0, high: 59 },
  { name: 'hours', low: 0, high: 23 },
  { name: 'day-of-month', low: 1, high: 31 },
  { name: 'month', low: 1, high: 12 },
  { name: 'day-of-week', low: 1, high: 7 },
  { name: 'year', low: 1970, high: 2199 },
];

function byCron(fields: string[], timezone: string): Recurrence {
  if (fields.length !== FIELDS.length) {
    const names = FIELDS.map(({ name }) => name).join(', ');
    throw new RecurrenceError('expression', `a cron expression has six fields (${names}), not ${fields.length}`);
  }
  if ((fields[2] === '?') === (fields[4] === '?')) {
    throw new RecurrenceError('expression', 'write "?" for exactly one of day-of-month and day-of-week');
  }
  fields.forEach(checkRange);
  const cron = readCron(['0', ...fields.map(translate)].join(' '), timezone);
  return {
    next: (after) => cron.nextRun(after) ?? undefined,
    // the given time itself counts, but the library looks only before it
    previous: (upTo, count) => cron.previousRuns(count, new Date(upTo.getTime() + 1000)),
  };
}

/** The library counts some fields from 0 and names that number, and knows years that Scheduler does not. */
function checkRange(field: string, index: number): void {
  const { name, low, high } = FIELDS[index] as (typeof FIELDS)[number];
  const values = field.split(',').flatMap((part) => part.split(/[/#]/)[0]?.match(/\d+/g) ?? []);
  const outside = values.find((value) => Number(value) < low || Number(value) > high);
  if (outside !== undefined) {
    throw new RecurrenceError('expression', `${name} ${outside} is not from ${low} to ${high}`);
  }
}

/** Writes a field of AWS as the library has it: `0/15` is `0-59/15`, and `L` as a day of the week is Saturday. */
function translate(field: string, index: number): string {
  const { name, high } = FIELDS[index] ?? {};
  if (name === 'day-of-week' && field === 'L') return '7';
  return field.replace(/(^|,)(\d+)\/(\d+)/g, `$1$2-${high}/$3`);
}

function readCron(pattern: string, timezone: string): Cron {
  try {
    return new Cron(pattern, { timezone, mode: '7-part', alternativeWeekdays: true, paused: true });
  } catch (error) {
    // "CronPattern: Syntax error, illegal stepping: 0"
    throw new RecurrenceError('expression', (error as Error).message.replace(/^CronPattern: |\.+$/g, ''));
  }
}
