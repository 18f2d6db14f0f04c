import { DUE } from '../contracts/names.ts';
import { webhookSecretsPrefix, webhooksTableOf } from '../webhooks/names.ts';
import { sub } from './cloudformation.ts';
import { STAGE } from './lanes.ts';
import { provided } from './platform.ts';

/** Where the job types of a service keep their jobs, and which topic their alarms notify. */
export interface Places {
  jobsTableArn: unknown;
  /** Failed and parked jobs, and inputs of scheduled jobs that are too long for a row. */
  archive: Bucket;
  /** Results that are too long for a row. */
  payloads: Bucket;
  /** What tenants have uploaded. */
  uploads: Bucket;
  /** An SNS topic's ARN. */
  alarmTopic: unknown;
}

interface Bucket {
  name: string;
  arn: unknown;
  /** The ARN of the objects whose keys match a pattern, in which `*` matches any text. */
  objects(keys: string): unknown;
}

/** The jobs table's name on a stage. We choose it, so that a function's environment can contain it as a literal. */
export const JOBS_TABLE = 'spillway-${sls:stage}-jobs';

/** The name of the queue of references to jobs that fall due. */
export const DUE_QUEUE = `spillway-${STAGE}-${DUE}`;

/**
 * The ARN of the queue of references to jobs that fall due, which processing owns. Like all that we name ourselves, it is a
 * literal.
 */
export const DUE_QUEUE_ARN = `arn:\${param:partition}:sqs:\${aws:region}:\${self:custom.accountId}:${DUE_QUEUE}`;

/** The table of the tenants' webhooks, which processing owns. */
export const WEBHOOKS_TABLE = webhooksTableOf(STAGE);
export const WEBHOOKS_TABLE_ARN = `arn:\${param:partition}:dynamodb:\${aws:region}:\${self:custom.accountId}:table/${WEBHOOKS_TABLE}`;
/** The ARNs of the secrets of all webhooks (shared/webhooks/secrets.ts). */
export const WEBHOOK_SECRETS_ARN = `arn:\${param:partition}:secretsmanager:\${aws:region}:\${self:custom.accountId}:secret:${webhookSecretsPrefix(STAGE)}*`;

/**
 * The private networks (CIDRs) that webhooks may reach, by stage: none, except where the receivers of demos and tests listen.
 * localhost has both addresses on most machines.
 */
export const WEBHOOK_ALLOWED_CIDRS = { default: '', local: '127.0.0.0/8,::1/128' };

const bucketOf = (name: string): Bucket => ({
  name,
  arn: sub(`arn:\${AWS::Partition}:s3:::${name}`),
  objects: (keys) => sub(`arn:\${AWS::Partition}:s3:::${name}/${keys}`),
});

/** The places of the platform, for all services except processing, which owns them. */
export const PLATFORM: Places = {
  jobsTableArn: provided('JobsTableArn'),
  archive: bucketOf(provided('ArchiveBucketName')),
  payloads: bucketOf(provided('PayloadBucketName')),
  uploads: bucketOf(provided('UploadBucketName')),
  alarmTopic: provided('AlarmTopicArn'),
};
