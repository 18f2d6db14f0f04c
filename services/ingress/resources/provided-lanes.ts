import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { laneName } from '@spillway/shared/contracts/lane.ts';
import { loadJobTypes, pascalCase, publicJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { outputOf, parameterName, soloArn } from '@spillway/shared/packaging/platform.ts';

/** A job type and the lane that its submits go to. */
export interface LaneReference {
  jobType: JobType;
  /** The job type's name in logical ids, such as `CsvImport`. */
  id: string;
  /** Serverless variables for the outputs of the service that owns the lane. */
  queueName: string;
  queueArn: string;
}

/** Every job type that clients know, with its lane. */
export const lanes = (): LaneReference[] =>
  publicJobTypes().map((jobType) => {
    const id = pascalCase(jobType.name);
    return {
      jobType,
      id,
      queueName: outputOf(jobType.service, `${id}LaneName`),
      queueArn: outputOf(jobType.service, `${id}LaneArn`),
    };
  });

/** Placeholders for the lanes on the stage `solo`. */
export const soloLanes = (): Record<string, string> =>
  Object.fromEntries(
    loadJobTypes().flatMap((jobType) => {
      const id = pascalCase(jobType.name);
      const name = laneName(jobType, 'solo');
      return [
        [parameterName(`${id}LaneName`), name],
        [parameterName(`${id}LaneArn`), soloArn('sqs', name)],
      ];
    }),
  );
