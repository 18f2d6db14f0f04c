import { MOST_BATCH_BYTES } from '@spillway/shared/contracts/batch-size.ts';
import { RESERVED_JOB_IDS } from '@spillway/shared/contracts/job-id.ts';
import type { ProblemDefinition } from '@spillway/shared/contracts/problem-document.ts';
import { MAXIMUM_MESSAGE_BYTES } from '@spillway/shared/contracts/run-kinds.ts';
import { SCOPES } from '@spillway/shared/contracts/scopes.ts';
import { FUNCTION_PROBLEMS, SOON } from './function-problems.ts';

/** "with the scope jobs/submit to submit (POST, PUT), with jobs/read to read (GET)" */
const WITH_SCOPES = `with the scope ${Object.entries(SCOPES)
  .map(([scope, { purpose, methods }]) => `${scope} to ${purpose} (${methods.join(', ')})`)
  .join(', with ')}`;

/** What to do after an answer that does not say whether the job is in its lane. */
const SAFE_TO_REPEAT = 'A job that was sent may have been accepted: a PUT with its id is safe to repeat';

const RESERVED_WORDS = RESERVED_JOB_IDS.join(', ');

/** Every problem document (RFC 9457) of the front door, whatever part of it answers. */
export const PROBLEMS = {
  ...FUNCTION_PROBLEMS,
  bodyRefused: {
    status: 400,
    // the quotes in validationErrorString are already escaped
    // a body that is nested too deeply is refused before the schema is looked at, with no reason that is documented
    detail:
      'The body does not fit the job type, or is nested more than 1,000 levels deep: $context.error.validationErrorString',
    where: 'submit',
    summary: 'The body is not JSON, or does not fit the job type.',
    gateway: ['BAD_REQUEST_BODY'],
  },
  parameterMissing: {
    status: 400,
    detail: 'A parameter is missing: $context.error.validationErrorString',
    where: 'submit',
    gateway: ['BAD_REQUEST_PARAMETERS'],
  },
  messageRefused: {
    status: 400,
    detail: 'The job id or the body holds characters that a message cannot carry. Nothing was accepted.',
    where: 'submit',
    summary: 'The job id or the body holds characters that a message cannot carry.',
    sqs: ['InvalidMessageContents', 'InvalidParameterValue'],
  },
  bodyMissing: {
    status: 400,
    detail: `The Idempotency-Key is a reserved word (${RESERVED_WORDS}), or the body is empty. Nothing was accepted: send another key, or a body.`,
    where: 'submit',
    summary: `The Idempotency-Key is a reserved word (${RESERVED_WORDS}).`,
    // the template of a submit sends no body for a reserved word
    // https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/CommonErrors.html
    sqs: ['MissingParameter'],
  },
  unauthorized: {
    status: 401,
    detail: `Send a valid access token in the header Authorization, ${WITH_SCOPES}.`,
    where: 'any',
    summary: 'The access token is missing, is not valid, or lacks the scope.',
    // RFC 9110, section 15.5.2
    headers: { 'WWW-Authenticate': 'Bearer' },
    // also the answer to an expired token, and (on AWS and on the engine) to a token without the scope
    // https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-enable-cognito-user-pool.html
    gateway: ['UNAUTHORIZED'],
  },
  tokenExpired: {
    status: 401,
    detail: 'The access token has expired: get a new one.',
    where: 'any',
    headers: { 'WWW-Authenticate': 'Bearer' },
    gateway: ['EXPIRED_TOKEN'],
  },
  accessDenied: {
    status: 403,
    detail: `Access is denied. Send an access token ${WITH_SCOPES}. Below /admin, sign with credentials that IAM allows to call the route.`,
    where: 'any',
    summary: 'Access is denied.',
    gateway: ['ACCESS_DENIED'],
  },
  invalidApiKey: {
    status: 403,
    detail: 'Send a valid API key in the header x-api-key.',
    where: 'any',
    summary: 'The API key is missing or not valid.',
    gateway: ['INVALID_API_KEY'],
  },
  unsigned: {
    status: 403,
    detail:
      'This route is for administrators: sign the request with AWS Signature Version 4, for the service execute-api.',
    where: 'admin',
    summary: 'The signature is missing or not valid.',
    // every path and method that does not exist has an answer of its own, so only methods with AWS_IAM get here
    gateway: ['MISSING_AUTHENTICATION_TOKEN', 'INVALID_SIGNATURE'],
  },
  unknownRoute: {
    status: 404,
    detail: 'There is no such path or method. GET /openapi.json lists them all.',
    where: 'any',
    summary: 'There is no such path or method.',
    gateway: ['RESOURCE_NOT_FOUND'],
  },
  wrongMethod: {
    status: 405,
    detail: 'This path does not support the method $context.httpMethod. The header Allow lists those that it supports.',
    where: 'elsewhere',
  },
  bodyTooLarge: {
    status: 413,
    detail: `A job may have up to ${MAXIMUM_MESSAGE_BYTES} bytes, or less for some job types, and a batch up to ${MOST_BATCH_BYTES}. GET /openapi.json gives the limit of each. Nothing was accepted: send less.`,
    where: 'submit',
    gateway: ['REQUEST_TOO_LARGE'],
  },
  messageTooLarge: {
    status: 413,
    detail:
      'A job of this type may have up to {limitBytes} bytes, including about 300 bytes of metadata. Nothing was accepted: send less.',
    where: 'submit',
    summary: 'The job is longer than {limitBytes} bytes.',
  },
  unsupportedMediaType: {
    status: 415,
    detail: 'Send the body as application/json.',
    where: 'submit',
    summary: 'The content type is not application/json.',
    gateway: ['UNSUPPORTED_MEDIA_TYPE'],
  },
  throttled: {
    status: 429,
    detail: 'Too many requests at once. Nothing was accepted: send it again after the seconds in Retry-After.',
    where: 'any',
    summary: 'Too many requests at once.',
    headers: { 'Retry-After': '1' },
    gateway: ['THROTTLED'],
  },
  quotaExceeded: {
    status: 429,
    detail:
      'The usage plan of this API key is used up. Nothing was accepted: ask for a larger plan, or wait for its next period.',
    where: 'any',
    summary: 'The usage plan of the API key is used up.',
    headers: { 'Retry-After': '3600' },
    gateway: ['QUOTA_EXCEEDED'],
  },
  laneBusy: {
    status: 429,
    detail:
      'The lane accepts no more jobs at the moment. Nothing was accepted: send it again after the seconds in Retry-After.',
    where: 'submit',
    summary: 'The lane accepts no more jobs at the moment.',
    headers: SOON,
    sqs: ['RequestThrottled', 'ThrottlingException', 'Throttling', 'OverLimit'],
  },
  failed: {
    status: 500,
    detail: `Something went wrong here. ${SAFE_TO_REPEAT} after the seconds in Retry-After.`,
    where: 'any',
    summary: 'Something went wrong here.',
    headers: SOON,
    gateway: ['DEFAULT_5XX'],
  },
  noAnswer: {
    status: 503,
    detail: `The service behind the front door did not answer. ${SAFE_TO_REPEAT} after the seconds in Retry-After.`,
    where: 'any',
    summary: 'The service behind the front door did not answer.',
    headers: SOON,
    gateway: ['INTEGRATION_FAILURE'],
  },
  noAnswerInTime: {
    status: 503,
    detail: `The service behind the front door did not answer in time. ${SAFE_TO_REPEAT} after the seconds in Retry-After.`,
    where: 'any',
    headers: SOON,
    gateway: ['INTEGRATION_TIMEOUT'],
  },
  laneClosed: {
    status: 503,
    detail:
      'The lane cannot take the job right now. Nothing was accepted: send it again after the seconds in Retry-After.',
    where: 'submit',
    summary: 'The lane cannot take the job right now.',
    headers: SOON,
    sqs: ['AWS.SimpleQueueService.NonExistentQueue', 'QueueDoesNotExist', 'AccessDenied', 'AccessDeniedException'],
  },
  laneUnavailable: {
    status: 503,
    detail: `The lane did not confirm the job. ${SAFE_TO_REPEAT} after the seconds in Retry-After.`,
    where: 'submit',
    summary: 'The lane did not confirm the job, so it may have been accepted.',
    headers: SOON,
  },
  refused: {
    // AWS's own message may contain the token that was sent, so it is not repeated
    title: 'Refused',
    detail: 'The request was refused, and nothing was accepted. GET /openapi.json describes the API.',
    where: 'any',
    gateway: ['DEFAULT_4XX'],
  },
} as const satisfies Record<string, ProblemDefinition>;

export type ProblemName = keyof typeof PROBLEMS;

/** The problems of a lane that need no values. */
type LaneProblem = 'messageRefused' | 'bodyMissing' | 'laneBusy' | 'laneClosed' | 'laneUnavailable';

/** The problem that answers an error code of SQS. */
export function laneProblem(code: string): LaneProblem {
  const rows = Object.entries<ProblemDefinition>(PROBLEMS);
  return (rows.find(([, { sqs }]) => sqs?.includes(code))?.[0] ?? 'laneUnavailable') as LaneProblem;
}
