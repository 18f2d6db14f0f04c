import type { ProblemDefinition } from '@spillway/shared/contracts/problem-document.ts';

/** Seconds to wait: the lane or the service behind the gateway may be back by then. */
export const SOON = { 'Retry-After': '5' };

/** The problem documents of the light functions. The operation of each lists those that it answers with. */
export const FUNCTION_PROBLEMS = {
  badBody: {
    status: 400,
    detail: '{reason}',
    where: 'function',
    summary: 'The body is not valid.',
  },
  badParameter: {
    status: 400,
    detail: '{parameter}: {reason}',
    where: 'function',
    summary: 'A query parameter is not valid.',
  },
  notJson: {
    status: 400,
    detail: 'The body is not JSON. Nothing was accepted.',
    where: 'function',
    summary: 'The body is not JSON.',
  },
  uploadRefused: {
    status: 400,
    detail: 'Send bytes and contentType: {reason}',
    where: 'function',
    summary: 'The length or the content type is missing or not valid.',
  },
  badMove: {
    status: 400,
    detail: '{reason}.',
    where: 'function',
    summary: 'The job cannot be moved to this time.',
  },
  batchRefused: {
    status: 400,
    detail: 'Nothing was accepted: {reason}',
    where: 'function',
    summary: 'The body is not a batch of 1 to 1,000 jobs.',
  },
  replayRefused: {
    status: 400,
    detail: '{reason}',
    where: 'function',
    summary: 'The request names no failures to replay, or too many.',
  },
  cancellationRefused: {
    status: 400,
    detail: '{reason}',
    where: 'function',
    summary: 'The filter is empty or not valid.',
  },
  entryRefused: {
    status: 400,
    detail: '{reason}',
    where: 'function',
  },
  nothingAccepted: {
    status: 400,
    detail: 'None of the {count} jobs was accepted: jobs lists the problem of each.',
    where: 'function',
    summary: 'None of the jobs was accepted.',
  },
  unknownJob: {
    status: 404,
    detail: 'Job {jobId} of type {type} is unknown, or has not started yet: poll the Location you were given.',
    where: 'function',
    summary: 'This tenant has no such job.',
  },
  unknownFailure: {
    status: 404,
    detail:
      'There is no failure of job {jobId} of type {type} of tenant {tenant}: it did not fail, or its row has expired. GET /admin/failures lists all.',
    where: 'function',
    summary: 'There is no such failure.',
  },
  notBlocked: {
    status: 409,
    detail:
      'The order key {key} of job type {type} and tenant {tenant} is not blocked, or no longer. GET /admin/blocked-keys lists all.',
    where: 'function',
    summary: 'The order key is not blocked.',
  },
  notHeld: {
    status: 409,
    detail:
      'SQS has deleted the message of job {jobId}, which blocked the order key {key}, so it cannot be released: replay it with POST /admin/replays, as job {jobId} of type {type} and tenant {tenant}.',
    where: 'function',
    summary: 'The message of the failed job is gone.',
  },
  notScheduled: {
    status: 409,
    detail: 'Job {jobId} is {status}, and only a SCHEDULED job can be moved.',
    where: 'function',
    summary: 'The job is not SCHEDULED.',
  },
  forgottenJob: {
    status: 404,
    detail: 'No job {jobId} of type {type} is known, and a lane keeps jobs for {days} days only.',
    where: 'function',
  },
  alreadyDecided: {
    status: 409,
    detail: 'Somebody has already decided about job {jobId}, at {at}: {decision}.',
    where: 'function',
    summary: 'Somebody has already decided otherwise, or with another comment; recorded says how and when.',
  },
  decisionRepeated: {
    status: 409,
    detail: 'This decision about job {jobId} was recorded at {at}: there is nothing left to do.',
    where: 'function',
    summary: 'The same decision was recorded before: repeated is true, and recorded says when.',
  },
  notWaiting: {
    status: 409,
    detail: 'Job {jobId} is not waiting for a decision: {reason}.',
    where: 'function',
    summary: 'The job is not waiting for a decision, or not yet, or no longer.',
  },
  unknownSchedule: {
    status: 404,
    detail: 'There is no schedule {name}. GET /schedules lists them all.',
    where: 'function',
    summary: 'This tenant has no such schedule.',
  },
  tooManySchedules: {
    status: 409,
    detail: 'A tenant may have {most} schedules: delete one, or replace one by its name.',
    where: 'function',
    summary: 'This tenant has as many schedules as it may have.',
  },
  unknownWebhook: {
    status: 404,
    detail: 'There is no webhook {id}. GET /webhooks lists them all.',
    where: 'function',
    summary: 'This tenant has no such webhook.',
  },
  tooManyWebhooks: {
    status: 409,
    detail: 'A tenant may have {most} webhooks: delete one, or replace one by its id.',
    where: 'function',
    summary: 'This tenant has as many webhooks as it may have.',
  },
  tooManySecrets: {
    status: 409,
    detail:
      'The webhook {id} has {most} secrets that sign: wait until one of them ends, or end them with overlapHours 0.',
    where: 'function',
    summary: 'The webhook has as many secrets as it may have.',
  },
  rotatedTooOften: {
    status: 429,
    detail:
      'The secret of the webhook {id} was rotated about a hundred times within a day, and nothing was changed: send it again after the seconds in Retry-After.',
    where: 'function',
    summary: 'The secret was rotated too often within a day.',
    // a version makes room 24 hours after it was stored: any time between now and a day from now
    headers: { 'Retry-After': '3600' },
  },
  rotatedMeanwhile: {
    status: 409,
    detail: 'Another request has rotated the secret of the webhook {id} in the meantime: nothing was changed.',
    where: 'function',
    summary: 'Another request has rotated the secret in the meantime.',
  },
  alreadySettled: {
    status: 409,
    detail: 'Job {jobId} of type {type} has already ended as {outcome}.',
    where: 'function',
    summary: 'The job has already ended.',
  },
  batchTooLarge: {
    status: 413,
    detail: 'A batch may have up to {limitBytes} bytes. Nothing was accepted: send several smaller ones.',
    where: 'function',
    summary: 'The batch is too long.',
  },
  serviceBusy: {
    status: 503,
    detail:
      'A service behind the front door is busy, or did not answer in time. Send the request again after the seconds in Retry-After.',
    where: 'function',
    headers: SOON,
  },
  functionFailed: {
    status: 500,
    detail: 'Something went wrong here. Send the request again after the seconds in Retry-After.',
    where: 'function',
    headers: SOON,
  },
} as const satisfies Record<string, ProblemDefinition>;
