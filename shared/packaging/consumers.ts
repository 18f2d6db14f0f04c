import { join } from 'node:path';
import type { JobType } from '../contracts/job-type.ts';
import { laneOf } from '../contracts/lane.ts';
import { goesOnAlone, RUN_KINDS, type RunKind, workflowKind } from '../contracts/run-kinds.ts';
import { allow, arnOf, ref, type Statement } from './cloudformation.ts';
import { PackagingError } from './errors.ts';
import { LOST_ENDS, onExecutionEnd } from './execution-ends.ts';
import { type FunctionDefinition, type Functions, foldersIn, functionIn } from './functions.ts';
import { DEAD_LETTER_READER_SECONDS, deadLettersArn, deadLettersId, laneId } from './lanes.ts';
import { DUE_QUEUE_ARN, JOBS_TABLE, type Places } from './places.ts';
import { executionsArn, workflowArn, workflowId } from './workflows.ts';

/** The function that reads the dead-letter queues of a service. */
export const DEAD_LETTER_READER = 'tick-dead-letters';

/**
 * Messages that are sent to a lane again pass through the same functions, and Lambda would stop such a loop after about 16
 * rounds (https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html). Ours ends by itself: a job has at most
 * 25 attempts, and returns to its lane for 13 days.
 */
const LOOPS = 'Allow';

/** An event source whose function reports the messages of a batch that must come again. */
const fromQueue = (arn: unknown, batchSize: number, maximumConcurrency: number) => ({
  sqs: { arn, batchSize, maximumConcurrency, functionResponseType: 'ReportBatchItemFailures' },
});

/** The consumer of a job type, made from its folder and its contract. */
export function consumer(folder: string, jobType: JobType, places: Places): FunctionDefinition {
  const { name, uploads, batchSize, maxConcurrency } = jobType;
  const { environment, iamRoleStatements = [], ...own } = functionIn(folder, `job-types/${name}`);
  const lane = arnOf(laneId(jobType));
  const workflow = workflowKind(jobType);
  const durable = goesOnAlone(jobType);
  return {
    ...own,
    timeout: laneOf(jobType).functionTimeoutSeconds,
    recursiveLoop: LOOPS,
    environment: {
      JOBS_TABLE,
      ARCHIVE_BUCKET: places.archive.name,
      PAYLOAD_BUCKET: places.payloads.name,
      ...(uploads.length > 0 && { UPLOAD_BUCKET: places.uploads.name }),
      DUE_QUEUE_ARN,
      ...(workflow && { WORKFLOW_ARN: workflowArn(jobType) }),
      ...(durable && { FIRST_LOOK_SECONDS: '${param:firstLookSeconds}' }),
      ...environment,
    },
    iamRoleStatements: [
      // it looks whether a running job was cancelled, if its code can be stopped
      allow(
        ['dynamodb:UpdateItem', ...(RUN_KINDS[jobType.run].cancel === 'signal' ? ['dynamodb:GetItem'] : [])],
        places.jobsTableArn,
      ),
      // only the keys of this job type (shared/runtime/lane/archive.ts), for every tenant
      allow(
        ['s3:PutObject'],
        places.archive.objects(`failed/*/${name}/*`),
        places.archive.objects(`parked/${name}/*`),
        places.archive.objects(`scheduled/*/${name}/*`),
        places.payloads.objects(`results/*/${name}/*`),
      ),
      ...(uploads.length > 0 ? uploadRights(places) : []),
      allow(['sqs:ChangeMessageVisibility'], lane),
      // a reference to a job that may start soon, but not yet
      allow(['sqs:SendMessage'], DUE_QUEUE_ARN),
      // messages of an ordered lane wait at the head of their group and are never sent again
      ...(jobType.lane.kind === 'standard' ? [allow(['sqs:SendMessage'], lane)] : []),
      ...(workflow ? workflowRights(jobType, workflow, places) : []),
      ...(durable ? durableRights(jobType, places) : []),
      // for a decision or a request to cancel that a workflow may have missed
      ...(jobType.awaitsDecision ? [allow(['states:SendTaskSuccess', 'states:SendTaskFailure'], '*')] : []),
      ...iamRoleStatements,
    ],
    ...(durable && { destinations: { onFailure: { type: 'sqs', arn: arnOf(LOST_ENDS) } } }),
    events: [fromQueue(lane, batchSize, maxConcurrency), ...(durable ? [onExecutionEnd(jobType)] : [])],
  };
}

/** What opening uploads needs: without the right to list, S3 answers 403 for an upload that is not there. */
const uploadRights = ({ uploads }: Places): Statement[] => [
  allow(['s3:GetObject', 's3:PutObjectTagging'], uploads.objects('*')),
  allow(['s3:ListBucket'], uploads.arn),
];

/** What the consumer may do with its workflow, and the results that the workflow's steps left in the payload bucket. */
const workflowRights = (jobType: JobType, workflow: NonNullable<RunKind['workflow']>, places: Places): Statement[] => [
  allow([...workflow.consumerActions], ref(workflowId(jobType))),
  ...(workflow.executionActions.length > 0 ? [allow([...workflow.executionActions], executionsArn(jobType))] : []),
  allow(['s3:GetObject'], stepOutputs(jobType, places)),
];

const durableRights = ({ name }: JobType, places: Places): Statement[] => [
  // the message of a job that was started, for the archive if its workflow fails
  allow(['s3:GetObject', 's3:PutObject'], places.payloads.objects(`started/*/${name}/*`)),
  allow(['sqs:SendMessage'], arnOf(LOST_ENDS)),
];

const stepOutputs = ({ name }: JobType, places: Places) => places.payloads.objects(`steps/*/${name}/*`);

/**
 * The steps of a job type's workflow: functions named `<type>-<step>`. Each may pass on long values through the payload
 * bucket. One with `asks: true` in its `function.yml` asks for decisions, and one with `endsQuestion: true` ends the time for them
 * (shared/runtime/workflow/questions.ts).
 */
export const steps = (folder: string, jobType: JobType, places: Places): Functions =>
  Object.fromEntries(
    foldersIn(join(folder, 'job-types', jobType.name, 'steps')).map((step) => [
      `${jobType.name}-${step}`,
      stepIn(folder, step, jobType, places),
    ]),
  );

/**
 * Actions with tokens support no resources
 * (https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html). Nobody can guess a token.
 */
const SEND_TASK_SUCCESS = allow(['states:SendTaskSuccess'], '*');

function stepIn(folder: string, step: string, jobType: JobType, places: Places): FunctionDefinition {
  const {
    asks,
    endsQuestion,
    environment,
    iamRoleStatements = [],
    ...own
  } = functionIn(folder, `job-types/${jobType.name}/steps/${step}`);
  const readsAnswer = asks === true || endsQuestion === true;
  return {
    ...own,
    environment: {
      PAYLOAD_BUCKET: places.payloads.name,
      ...(readsAnswer && { JOBS_TABLE }),
      ...environment,
    },
    iamRoleStatements: [
      allow(['s3:GetObject', 's3:PutObject'], stepOutputs(jobType, places)),
      ...(readsAnswer ? [allow(['dynamodb:UpdateItem'], places.jobsTableArn)] : []),
      // if somebody decided before it could ask
      ...(asks === true ? [SEND_TASK_SUCCESS] : []),
      ...iamRoleStatements,
    ],
  };
}

/**
 * The reader of all dead-letter queues of a service.
 *
 * @throws PackagingError if the service does not have one
 */
export function deadLetterReader(folder: string, jobTypes: readonly JobType[], places: Places): FunctionDefinition {
  const path = `functions/${DEAD_LETTER_READER}`;
  if (!foldersIn(join(folder, 'functions')).includes(DEAD_LETTER_READER)) {
    throw new PackagingError(
      `a service with job types must read their dead-letter queues: write ${path}/handler.ts with "export const handler = deadLetters();" (shared/runtime/lane/dead-letters.ts)`,
    );
  }
  return {
    description: 'Returns, fails or parks messages that a lane gave up on.',
    ...functionIn(folder, path),
    // holds a batch of up to ten messages for each lane, and their archive records; few messages are as long as 1 MiB
    memorySize: 512,
    timeout: DEAD_LETTER_READER_SECONDS,
    recursiveLoop: LOOPS,
    // nobody decides whether a scheduled run is traced, so each would start a trace of its own
    tracing: 'PassThrough',
    environment: {
      JOBS_TABLE,
      ARCHIVE_BUCKET: places.archive.name,
      STAGE: '${sls:stage}',
      DEAD_LETTER_QUEUES: jobTypes.map(deadLettersArn).join(','),
    },
    iamRoleStatements: [
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], places.jobsTableArn),
      allow(['s3:PutObject'], places.archive.objects('failed/*'), places.archive.objects('parked/*')),
      allow(['sqs:SendMessage'], ...jobTypes.map((jobType) => arnOf(laneId(jobType)))),
      allow(
        ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
        ...jobTypes.map((jobType) => arnOf(deadLettersId(jobType))),
      ),
    ],
    events: [{ schedule: { rate: ['${param:deadLetterSchedule}'] } }],
  };
}
