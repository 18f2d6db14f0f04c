const { loadJobTypes, pascalCase } = require('@spillway/shared/packaging/job-types.ts');
const { laneName } = require('@spillway/shared/contracts/lane.ts');
const { parameterOf } = require('./lanes.cjs');

const ACCOUNT = '000000000000';
const arn = (service, name) => `arn:aws:${service}:eu-west-1:${ACCOUNT}:${name}`;

/** Placeholders for what the other stacks say on a real stage. */
module.exports = () => ({
  accountId: ACCOUNT,
  jobsTableArn: arn('dynamodb', 'table/spillway-solo-jobs'),
  alarmTopicArn: arn('sns', 'spillway-solo-alarms'),
  ...Object.fromEntries(
    loadJobTypes().flatMap((jobType) => {
      const id = pascalCase(jobType.name);
      const name = laneName(jobType, 'solo');
      return [
        [parameterOf(`${id}LaneName`), name],
        [parameterOf(`${id}LaneArn`), arn('sqs', name)],
      ];
    }),
  ),
});
