import {
  ConflictException,
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  DeleteScheduleCommand,
  GetScheduleCommand,
  type GetScheduleCommandOutput,
  ListSchedulesCommand,
  ResourceNotFoundException,
  type SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { MOST_SCHEDULES } from '@spillway/shared/contracts/schedules.ts';
import { schedulePrefix } from '@spillway/shared/runtime/schedule-names.ts';
import { readTarget } from './target.ts';

/** A schedule as EventBridge Scheduler keeps it, which is the only place where it is kept. */
export interface StoredSchedule {
  name: string;
  type: string;
  /** The input's JSON text. */
  inputText: string;
  expression: string;
  timezone: string;
  /** The first time of a rate; also the earliest time of a cron expression. */
  startsAt: Date;
  endsAt?: Date;
  paused: boolean;
  createdAt: Date;
}

/** What makes a schedule, besides the input of its target. */
export interface NewSchedule extends Omit<StoredSchedule, 'type' | 'inputText' | 'createdAt'> {
  tenant: string;
  type: string;
  targetInput: string;
}

export interface SchedulePlaces {
  /** The schedule group of the stage. */
  group: string;
  /** The role with which Scheduler sends messages to the lanes. */
  roleArn: string;
  /** Where Scheduler puts a message that no lane took for a day. */
  deadLetterArn: string;
  /** `arn:aws:scheduler:::aws-sdk:sqs:sendMessage` in the partition of the stage. */
  targetArn: string;
}

/** The longest that Scheduler tries: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const RETRY = { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 };

/** Schedules that a list reads at the same time. All tenants share the quota of a thousand reads a second. */
const READ_AT_ONCE = 10;

/** The schedules of all tenants of a stage. */
export function scheduleStore(client: SchedulerClient, { group, roleArn, deadLetterArn, targetArn }: SchedulePlaces) {
  const keyOf = (tenant: string, name: string) => ({ GroupName: group, Name: schedulePrefix(tenant) + name });

  async function get(tenant: string, name: string): Promise<StoredSchedule | undefined> {
    try {
      return stored(name, await client.send(new GetScheduleCommand(keyOf(tenant, name))));
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  }

  /** @returns the names of a tenant's schedules; there are at most {@link MOST_SCHEDULES}, which is one page */
  async function names(tenant: string): Promise<string[]> {
    const prefix = schedulePrefix(tenant);
    const { Schedules = [] } = await client.send(
      new ListSchedulesCommand({ GroupName: group, NamePrefix: prefix, MaxResults: MOST_SCHEDULES }),
    );
    return Schedules.flatMap(({ Name }) => (Name ? [Name.slice(prefix.length)] : []));
  }

  function settings(schedule: NewSchedule): CreateScheduleCommandInput {
    return {
      ...keyOf(schedule.tenant, schedule.name),
      // the type cannot be read back from the target
      Description: schedule.type,
      ScheduleExpression: schedule.expression,
      ScheduleExpressionTimezone: schedule.timezone,
      StartDate: schedule.startsAt,
      ...(schedule.endsAt && { EndDate: schedule.endsAt }),
      State: schedule.paused ? 'DISABLED' : 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: targetArn,
        RoleArn: roleArn,
        Input: schedule.targetInput,
        RetryPolicy: RETRY,
        DeadLetterConfig: { Arn: deadLetterArn },
      },
    };
  }

  return {
    get,
    names,

    /** All of a tenant's schedules. */
    async list(tenant: string): Promise<StoredSchedule[]> {
      const waiting = await names(tenant);
      const found: StoredSchedule[] = [];
      while (waiting.length > 0) {
        const some = await Promise.all(waiting.splice(0, READ_AT_ONCE).map((name) => get(tenant, name)));
        found.push(...some.filter((schedule) => schedule !== undefined));
      }
      return found;
    },

    /** @returns false if the tenant has a schedule of that name */
    async create(schedule: NewSchedule): Promise<boolean> {
      try {
        await client.send(new CreateScheduleCommand(settings(schedule)));
        return true;
      } catch (error) {
        if (error instanceof ConflictException) return false;
        throw error;
      }
    },

    async replace(schedule: NewSchedule): Promise<void> {
      await client.send(new UpdateScheduleCommand(settings(schedule)));
    },

    /** @returns false if there was none */
    async remove(tenant: string, name: string): Promise<boolean> {
      try {
        await client.send(new DeleteScheduleCommand(keyOf(tenant, name)));
        return true;
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return false;
        throw error;
      }
    },
  };
}

export type ScheduleStore = ReturnType<typeof scheduleStore>;

function stored(name: string, schedule: GetScheduleCommandOutput): StoredSchedule {
  const { inputText } = readTarget(schedule.Target?.Input ?? '');
  const createdAt = schedule.CreationDate ?? new Date(0);
  return {
    name,
    type: schedule.Description ?? '',
    inputText,
    expression: schedule.ScheduleExpression ?? '',
    timezone: schedule.ScheduleExpressionTimezone ?? 'UTC',
    startsAt: schedule.StartDate ?? createdAt,
    ...(schedule.EndDate && { endsAt: schedule.EndDate }),
    paused: schedule.State === 'DISABLED',
    createdAt,
  };
}
