const { loadJobTypes, pascalCase } = require('@spillway/shared/packaging/job-types.ts');

/** The parameter that stands in for an output: `CsvImportLaneName` → `csvImportLaneName`. */
const parameterOf = (output) => output[0].toLowerCase() + output.slice(1);

/**
 * Every job type with its lane's queue name and ARN, from the outputs of the service that owns it.
 *
 * @param resolveVariable the Serverless Framework's own
 */
async function lanes(resolveVariable) {
  const stage = await resolveVariable('sls:stage');
  const read = (service, output) => resolveVariable(`param:${parameterOf(output)}, cf:${service}-${stage}.${output}`);
  return Promise.all(
    loadJobTypes().map(async (jobType) => {
      const id = pascalCase(jobType.name);
      const [queueName, queueArn] = await Promise.all(
        [`${id}LaneName`, `${id}LaneArn`].map((output) => read(jobType.service, output)),
      );
      return { jobType, id, queueName, queueArn };
    }),
  );
}

module.exports = { lanes, parameterOf };
