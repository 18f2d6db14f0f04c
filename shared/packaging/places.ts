import { sub } from './cloudformation.ts';
import { provided } from './platform.ts';

/** Where the job types of a service keep jobs, and whom their alarms tell. */
export interface Places {
  jobsTable: { name: string; arn: unknown };
  /** Failed and parked jobs. */
  archive: Bucket;
  /** Results that are too long for a row. */
  payloads: Bucket;
  /** An SNS topic's ARN. */
  alarmTopic: unknown;
}

interface Bucket {
  name: string;
  /** The ARN of the objects with such keys; `*` stands for any text. */
  objects(keys: string): unknown;
}

/** The jobs table's name on a stage: chosen by us, so that a function's environment can say it. */
export const JOBS_TABLE = 'spillway-${sls:stage}-jobs';

const bucketOf = (name: string): Bucket => ({
  name,
  objects: (keys) => sub(`arn:\${AWS::Partition}:s3:::${name}/${keys}`),
});

/** The places of the platform, for every service but processing, which owns them. */
export const PLATFORM: Places = {
  jobsTable: { name: JOBS_TABLE, arn: provided('JobsTableArn') },
  archive: bucketOf(provided('ArchiveBucketName')),
  payloads: bucketOf(provided('PayloadBucketName')),
  alarmTopic: provided('AlarmTopicArn'),
};
