import { ValidationException } from '@aws-sdk/client-scheduler';
import { fieldText } from '@spillway/shared/attempt/json-text.ts';
import { describeIssues } from '@spillway/shared/attempt/parse.ts';
import { clientsContract } from '@spillway/shared/contracts/contract-of.ts';
import { fit, type JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { MOST_SCHEDULES, SCHEDULE_NAME, ScheduleDefinition } from '@spillway/shared/contracts/schedules.ts';
import { Answer, Problem } from '../../light-function.ts';
import { readBody } from '../../request-body.ts';
import { type Recurrence, RecurrenceError, readRecurrence } from '../../schedules/recurrence.ts';
import type { NewSchedule, ScheduleStore, StoredSchedule } from '../../schedules/schedule-store.ts';
import { nextRun, viewOf } from '../../schedules/schedule-view.ts';
import { type ScheduledJob, targetInput } from '../../schedules/target.ts';

/** https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html ("Invocation payload size") */
const LONGEST_TARGET_BYTES = 256 * 1024;

export interface PutScheduleRequest {
  tenant: string;
  /** As it is in the path. */
  name: string;
  body: string;
  /** The path of the stage, for links. */
  stagePath: string;
}

export interface PutScheduleTools {
  store: Pick<ScheduleStore, 'get' | 'names' | 'create' | 'replace'>;
  stage: string;
  /** The beginning of the ARN of every queue of the stage. */
  queueArns: string;
  now(): Date;
}

const refuse = (field: string, reason: string) => new Problem('badBody', { reason: `${field}: ${reason}` });

/**
 * Creates a tenant's schedule, or replaces the one of that name.
 *
 * @returns 201 for a new schedule, else 200
 * @throws Problem naming what is wrong with the name or the body
 */
export async function putSchedule(request: PutScheduleRequest, tools: PutScheduleTools): Promise<Answer> {
  const { tenant, name, body, stagePath } = request;
  if (!SCHEDULE_NAME.test(name)) throw refuse('name', 'use 1 to 40 characters of A-Z, a-z, 0-9, "_" and "-".');
  const definition = readDefinition(body);
  const inputText = fieldText(body, 'input') ?? '';
  const jobType = await readJobType(definition, inputText);
  const existing = await tools.store.get(tenant, name);
  if (!existing && (await tools.store.names(tenant)).length >= MOST_SCHEDULES) {
    throw new Problem('tooManySchedules', { most: MOST_SCHEDULES });
  }
  const { type, expression, timezone, paused } = definition;
  const schedule: NewSchedule = {
    tenant,
    name,
    type,
    expression,
    timezone,
    paused,
    ...timesOf(definition, existing, tools.now()),
    targetInput: readTargetInput({ tenant, name, jobType, inputText }, tools),
  };
  const isNew = await save(schedule, existing === undefined, tools.store);
  const view = viewOf({ ...schedule, inputText }, stagePath, tools.now());
  return new Answer(isNew ? 201 : 200, view, isNew ? { location: view.links.self } : {});
}

function readDefinition(body: string): ScheduleDefinition {
  return readBody(ScheduleDefinition, body, (reason) => new Problem('badBody', { reason }));
}

/** Finds the contract, and checks the input by it. */
async function readJobType({ type, input }: ScheduleDefinition, inputText: string): Promise<JobType> {
  const jobType = await clientsContract(type);
  if (!jobType || jobType.retired) {
    throw refuse('type', `there is no job type "${type}" that accepts jobs. GET /openapi.json lists them all.`);
  }
  const read = fit(jobType.input, input);
  if (!read.success) {
    const issues = read.error.issues.map((issue) => ({ ...issue, path: ['input', ...issue.path] }));
    throw new Problem('badBody', { reason: describeIssues(issues) });
  }
  const { maximumMessageBytes } = laneOf(jobType);
  if (Buffer.byteLength(inputText) > maximumMessageBytes) {
    throw refuse('input', `a job of this type may have up to ${maximumMessageBytes} bytes.`);
  }
  return jobType;
}

/** When the schedule starts and ends. A rate that does not change keeps its rhythm. */
function timesOf(
  { expression, timezone, endsAt }: ScheduleDefinition,
  existing: StoredSchedule | undefined,
  now: Date,
): Pick<NewSchedule, 'startsAt' | 'endsAt'> {
  const kept = existing?.expression === expression;
  const recurrence = readExpression(expression, timezone, kept ? existing.startsAt : now);
  // in whole seconds, as the times that Scheduler passes on
  const second = new Date(Math.floor(now.getTime() / 1000) * 1000);
  // a rate without a start would run at once, and then again whenever it is replaced
  const startsAt = (recurrence.intervalMs && recurrence.next(now)) || second;
  const end = endsAt === undefined ? undefined : new Date(endsAt);
  if (!nextRun(recurrence, startsAt, end, now)) {
    throw end
      ? refuse('endsAt', 'the schedule would not run before it.')
      : refuse('expression', 'it matches no future time.');
  }
  return { startsAt, ...(end && { endsAt: end }) };
}

function readExpression(expression: string, timezone: string, anchor: Date): Recurrence {
  try {
    return readRecurrence(expression, timezone, anchor);
  } catch (error) {
    if (error instanceof RecurrenceError) throw refuse(error.field, `${error.message}.`);
    throw error;
  }
}

function readTargetInput(job: ScheduledJob, { stage, queueArns }: PutScheduleTools): string {
  const input = targetInput(job, stage, queueArns);
  if (Buffer.byteLength(input) <= LONGEST_TARGET_BYTES) return input;
  throw refuse(
    'input',
    `a schedule's message may have up to ${LONGEST_TARGET_BYTES} bytes, and each quote takes three. Upload large inputs.`,
  );
}

/** @returns whether the schedule is new */
async function save(schedule: NewSchedule, expectNew: boolean, store: PutScheduleTools['store']): Promise<boolean> {
  try {
    // another request may have created it in the meantime
    if (expectNew && (await store.create(schedule))) return true;
    await store.replace(schedule);
    return false;
  } catch (error) {
    // what only Scheduler knows to be wrong
    if (error instanceof ValidationException) throw refuse('expression', `${error.message}.`);
    throw error;
  }
}
