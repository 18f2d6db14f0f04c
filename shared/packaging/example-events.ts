import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { SQSEvent, SQSMessageAttributes } from 'aws-lambda';
import type { JobType } from '../contracts/job-type.ts';
import { laneName } from '../contracts/lane.ts';
import { attributesOf, messageGroup } from '../contracts/submit-attributes.ts';
import type { WorkflowInput } from '../runtime/workflow/workflow.ts';
import { DEAD_LETTER_READER } from './consumers.ts';
import { requestTo } from './example-request.ts';
import { foldersIn, yamlIn } from './functions.ts';
import { activeJobTypes, jobTypesOf } from './job-types.ts';
import { serviceFolder } from './services.ts';

/** Where a function is invoked. */
export interface Surroundings {
  stage: string;
  region: string;
  accountId: string;
}

const TENANT = 'tenant-one';
/** What a rule with a schedule sends. Nobody reads it, because it says only that it is time. */
const SCHEDULED = { source: 'aws.events', 'detail-type': 'Scheduled Event', detail: {} };
/** A step continues the job of the step before it, so the examples of all steps share one job. */
const STEP_JOB_ID = 'example-1';

/**
 * Makes an event to invoke a function with. For job types and their steps it comes from the contract's
 * example, and for a light function from its route. Any other function has an `event.json` beside its handler.
 *
 * @returns undefined if there is no event.json
 */
export function exampleEvent(service: string, functionName: string, where: Surroundings): unknown {
  const folder = serviceFolder(service);
  const jobTypes = jobTypesOf(service);
  if (functionName === DEAD_LETTER_READER) return SCHEDULED;
  for (const jobType of jobTypes) {
    if (functionName === jobType.name) return messageTo(laneName(jobType, where.stage), jobType, where);
    const steps = foldersIn(join(folder, 'job-types', jobType.name, 'steps'));
    if (steps.some((step) => functionName === `${jobType.name}-${step}`)) return stepInput(jobType);
  }
  return readExample(join(folder, 'functions', functionName), where);
}

/** A request if the function has a route, with the example of its `operation.ts`, else the content of its `event.json`. */
function readExample(folder: string, { stage }: Surroundings): unknown {
  const [jobType] = activeJobTypes();
  const settings = join(folder, 'function.yml');
  const { route } = existsSync(settings) ? yamlIn(folder, 'function.yml', settings) : {};
  if (route && jobType) {
    const { operation } = createRequire(import.meta.url)(join(folder, 'operation.ts'));
    const described = operation({
      name: jobType.name,
      id: '',
      exampleInput: jobType.example.input,
      searchKeys: jobType.searchKeys,
    });
    return requestTo(route, jobType, { tenant: TENANT, stage }, described.body?.example);
  }
  const written = join(folder, 'event.json');
  return existsSync(written) ? JSON.parse(readFileSync(written, 'utf8')) : undefined;
}

/**
 * A batch with one message, as the front door sends it. Each is a new job, because a consumer drops a job that has
 * already run.
 */
export function messageTo(queueName: string, jobType: JobType, { region, accountId }: Surroundings): SQSEvent {
  const acceptedAt = String(Date.now());
  return {
    Records: [
      {
        messageId: randomUUID(),
        receiptHandle: 'example',
        body: JSON.stringify(jobType.example.input),
        attributes: {
          ApproximateReceiveCount: '1',
          SentTimestamp: acceptedAt,
          SenderId: 'example',
          ApproximateFirstReceiveTimestamp: acceptedAt,
          MessageGroupId: messageGroup(jobType, TENANT, jobType.example.input),
        },
        messageAttributes: messageAttributes({ tenant: TENANT, acceptedAt, requestId: randomUUID() }),
        md5OfBody: '',
        eventSource: 'aws:sqs',
        eventSourceARN: `arn:aws:sqs:${region}:${accountId}:${queueName}`,
        awsRegion: region,
      },
    ],
  };
}

/** The message attributes of a request without optional headers. */
function messageAttributes(context: Parameters<typeof attributesOf>[0]): SQSMessageAttributes {
  const values = Object.entries(attributesOf(context, {}));
  return Object.fromEntries(values.map(([name, stringValue]) => [name, { stringValue, dataType: 'String' }]));
}

const stepInput = ({ name, example }: JobType): WorkflowInput<unknown> => ({
  input: example.input,
  job: {
    type: name,
    id: STEP_JOB_ID,
    tenant: TENANT,
    attempt: 1,
    acceptedAt: new Date().toISOString(),
    traceId: randomUUID().replaceAll('-', ''),
  },
});
