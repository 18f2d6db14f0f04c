import { readFileSync } from 'node:fs';
import { RESERVED_JOB_IDS } from '@spillway/shared/contracts/job-id.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { type ProblemDefinition, problemDocument } from '@spillway/shared/contracts/problem-document.ts';
import {
  ATTRIBUTES,
  type Attribute,
  MOST_ATTRIBUTES,
  OPTIONAL_PREFIX,
} from '@spillway/shared/contracts/submit-attributes.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import { PROBLEMS } from '../problems.ts';

export type SubmitVerb = 'POST' | 'PUT';

/** A mapping template on one line: line breaks would become part of the message. */
const template = (file: string) =>
  readFileSync(new URL(file, import.meta.url), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .join('');

/** A Velocity assignment; the value is an expression of the template language. */
const set = (name: string, expression: string | number) => `#set($${name} = ${expression})`;

/** The three mapping templates of a submit. */
export function submitTemplates(jobType: JobType, verb: SubmitVerb) {
  const { lane } = jobType;
  const jobId = jobIdOf[verb];
  const orderKey = lane.kind === 'ordered' ? `$input.path('$.${lane.orderKey}')` : '""';
  return {
    request:
      jobId +
      reserved +
      set('orderKey', orderKey) +
      set('tenant', `$context.${ATTRIBUTES.tenant.name}`) +
      template('submit.vtl') +
      attributes(),
    accepted:
      set('path', '$context.path.replaceAll("/+$", "")') +
      jobId +
      selfOf[verb] +
      set('runAfter', `$input.params('${ATTRIBUTES.runAfter.name}')`) +
      template('accepted.vtl'),
    refused: refused(laneOf(jobType).maximumMessageBytes),
  };
}

/** Matches a header's name however it is written: HTTP/1.1 clients choose the case, and API Gateway keeps it. */
const anyCase = (header: string) =>
  header.replace(/[a-z]/gi, (letter) => `[${letter.toLowerCase()}${letter.toUpperCase()}]`);

/** Sets the job id that the client chose; empty if it chose none. */
const jobIdOf: Record<SubmitVerb, string> = {
  PUT: set('jobId', `$input.params('${ATTRIBUTES.jobId.name}')`),
  POST: [
    set('jobId', '""'),
    '#foreach($name in $input.params().header.keySet())',
    `#if($name.matches("^${anyCase(ATTRIBUTES.jobId.header)}$"))`,
    // the header's draft has the value in quotes, most clients do not
    set('jobId', `$input.params().header.get($name).replaceAll('^"|"$', "")`),
    '#end#end',
  ].join(''),
};

/**
 * Whether the id is a reserved word, whose job could not be read. Its message is sent without a body, because a template cannot
 * refuse a request: SQS does.
 */
const reserved = [
  set('reserved', 'false'),
  `#if(${RESERVED_JOB_IDS.map((id) => `$jobId == "${id}"`).join(' || ')})`,
  set('reserved', 'true'),
  '#end',
].join('');

/** Sets the path of the job; for POST, of a job whose id the client chose. */
const selfOf: Record<SubmitVerb, string> = {
  PUT: set('self', '"$path"'),
  // form encoding has a plus sign for a space
  POST: set('named', '$util.urlEncode($jobId).replaceAll("[+]", "%20")') + set('self', '"$path/$named"'),
};

/** The message attributes that a submit carries, as parameters of SQS's SendMessage. */
function attributes(): string {
  const rows = Object.entries<Attribute>(ATTRIBUTES);
  if (rows.length > MOST_ATTRIBUTES) {
    throw new PackagingError(
      `shared/contracts/submit-attributes.ts has ${rows.length} attributes, but SQS allows ${MOST_ATTRIBUTES}: remove some, or join them`,
    );
  }
  // SQS counts them without gaps, so what may be absent is the last one
  const always = rows.filter(([, { from }]) => from !== 'path');
  const [[jobId] = ['']] = rows.filter(([, { from }]) => from === 'path');
  return [
    ...always.map(([name, row], index) => parameter(index + 1, name, textFor(row))),
    `#if($jobId != "")${parameter(rows.length, jobId, '$jobId')}#end`,
  ].join('');
}

function parameter(number: number, name: string, value: string): string {
  const start = `&MessageAttribute.${number}`;
  // in quotes, because urlEncode takes a text, and $context.requestTimeEpoch is a number
  return `${start}.Name=${name}${start}.Value.DataType=String${start}.Value.StringValue=$util.urlEncode("${value}")`;
}

/** The attribute's text in the template. */
const textFor = ({ from, name }: Attribute): string =>
  from === 'context' ? `$context.${name}` : `${OPTIONAL_PREFIX}$input.params('${name}')`;

/** The answer to a path that has no method at all. */
export const unknownRoute = (): string => problemDocument(PROBLEMS.unknownRoute, '$context.requestId');

/**
 * The answer to whatever has no route: 404, or 405 for a path that has other methods, or 204 if the caller only asks for
 * them (RFC 9110, section 9.3.7).
 *
 * @param allowed the methods of each path, which is a regular expression without the first slash
 */
export function wrongRoute(allowed: ReadonlyMap<string, readonly string[]>): string {
  const branches = [...allowed].map(
    ([path, methods]) =>
      `($path.matches("^${path}$"))${set('allow', `"${[...methods, 'OPTIONS'].sort().join(', ')}"`)}`,
  );
  return [
    set('path', "$input.params('proxy')"),
    set('allow', '""'),
    `#if${branches.join('#elseif')}#end`,
    `#if($allow == "")${problemAnswer(PROBLEMS.unknownRoute)}#else`,
    set('context.responseOverride.header.Allow', '$allow'),
    `#if($context.httpMethod == "OPTIONS")${set('context.responseOverride.status', 204)}`,
    `#else${problemAnswer(PROBLEMS.wrongMethod)}#end#end`,
  ].join('');
}

/** Distinguishes the errors of SQS: API Gateway's own selection patterns see only the HTTP status. */
function refused(limitBytes: number): string {
  const rows: ProblemDefinition[] = Object.values(PROBLEMS);
  const byCode = rows.map((problem) => {
    const codes = problem.sqs?.map((code) => `$code == "${code}"`);
    return codes ? `#elseif(${codes.join(' || ')})${problemAnswer(problem)}` : '';
  });
  return [
    set('code', `"$!input.path('$.Error.Code')"`),
    set('message', `"$!input.path('$.Error.Message')"`),
    // the code of this error is InvalidParameterValue, which has other meanings, too
    `#if($message.contains("shorter than"))${problemAnswer(PROBLEMS.messageTooLarge, { limitBytes })}`,
    ...byCode,
    `#else${problemAnswer(PROBLEMS.laneUnavailable)}#end`,
  ].join('');
}

const problemAnswer = (problem: ProblemDefinition, values = {}) =>
  [
    set('context.responseOverride.status', problem.status ?? 503),
    ...Object.entries(problem.headers ?? {}).map(([name, value]) =>
      set(`context.responseOverride.header.${name}`, `"${value}"`),
    ),
    problemDocument(problem, '$context.requestId', values),
  ].join('');

/** These characters as JSON escape sequences. */
const ESCAPED: Record<string, string> = { $: '\\u0024', '#': '\\u0023' };

/** The Serverless variables that the descriptions hold; they are resolved while packaging. */
const VARIABLES = /(\$\{(?:sls:stage|aws:region|param:tokenUrl)\})/;

/** Writes JSON into a template so that it comes out unchanged: a `$` would start a reference, and a `#` a directive. */
export function verbatim(json: string): string {
  // every second part is a variable
  const parts = json.split(VARIABLES).map((part, index) => (index % 2 === 1 ? part : literal(part)));
  return set('dollar', "'$'") + set('hash', "'#'") + parts.join('');
}

const literal = (json: string) =>
  json.replace(/(\\?)([$#])/g, (_, backslash: string, sign: string) => {
    // after a backslash, as in a pattern, Velocity would not fill in a reference
    if (backslash) return backslash + ESCAPED[sign];
    return sign === '$' ? '${dollar}' : '${hash}';
  });
