const { join } = require('node:path');
const { laneOf } = require('@spillway/shared/contracts/lane.ts');
const { PackagingError } = require('@spillway/shared/packaging/errors.ts');
const { foldersIn, functionIn, functionsIn } = require('@spillway/shared/packaging/functions.ts');
const { jobTypesOf, pascalCase } = require('@spillway/shared/packaging/job-types.ts');
const { stateMachines, workflowArn, workflowId } = require('./workflows.ts');

const JOBS_TABLE = 'spillway-$' + '{sls:stage}-jobs';
const ARCHIVE_BUCKET = '$' + '{self:custom.archiveBucket}';
const PAYLOAD_BUCKET = '$' + '{self:custom.payloadBucket}';

/** The functions of this service: `functions/`, a consumer per job type, and the steps of its workflows. */
module.exports.functions = () => {
  const jobTypes = checkedJobTypes();
  const { 'on-dead-letter': onDeadLetter, ...others } = functionsIn(__dirname);
  return {
    ...others,
    'on-dead-letter': deadLetterConsumer(onDeadLetter, jobTypes),
    ...Object.assign({}, ...jobTypes.map((jobType) => ({ [jobType.name]: consumer(jobType), ...steps(jobType) }))),
  };
};

/** The workflows beside their steps, one per job type that runs as `express`. */
module.exports.stepFunctions = () => ({
  validate: true,
  // consumers know their machines by name
  noOutput: true,
  stateMachines: stateMachines(join(__dirname, 'job-types'), checkedJobTypes()),
});

/** A contract and its folder belong together; one without the other does not package. */
function checkedJobTypes() {
  const jobTypes = jobTypesOf('processing');
  const contracts = new Set(jobTypes.map(({ name }) => name));
  const folders = foldersIn(join(__dirname, 'job-types'));
  const lonely = folders.find((folder) => !contracts.has(folder));
  if (lonely) {
    throw new PackagingError(
      `job-types/${lonely} has no contract: write shared/contracts/jobs/${lonely}.ts with service 'processing'`,
    );
  }
  const missing = jobTypes.find(({ name }) => !folders.includes(name));
  if (missing) {
    throw new PackagingError(
      `the contract ${missing.name} has no implementation: write services/processing/job-types/${missing.name}/`,
    );
  }
  return jobTypes;
}

function consumer(jobType) {
  const { environment, iamRoleStatements = [], ...own } = functionIn(__dirname, `job-types/${jobType.name}`);
  const lane = arnOf(`${pascalCase(jobType.name)}Lane`);
  return {
    ...own,
    timeout: laneOf(jobType).functionTimeoutSeconds,
    environment: {
      JOBS_TABLE,
      ARCHIVE_BUCKET,
      PAYLOAD_BUCKET,
      ...(jobType.run === 'express' && { WORKFLOW_ARN: workflowArn(jobType) }),
      ...environment,
    },
    iamRoleStatements: [
      allow(['dynamodb:UpdateItem'], arnOf('JobsTable')),
      // this job type's own places (shared/runtime/lane/archive.ts), for every tenant
      allow(
        ['s3:PutObject'],
        within('ArchiveBucket', `failed/*/${jobType.name}/*`),
        within('ArchiveBucket', `parked/${jobType.name}/*`),
        within('PayloadBucket', `results/*/${jobType.name}/*`),
      ),
      allow(['sqs:ChangeMessageVisibility'], lane),
      // an ordered lane's messages wait at the head of their group and are never sent again
      ...(jobType.lane.kind === 'standard' ? [allow(['sqs:SendMessage'], lane)] : []),
      ...(jobType.run === 'express' ? [allow(['states:StartSyncExecution'], { Ref: workflowId(jobType) })] : []),
      ...iamRoleStatements,
    ],
    events: [
      {
        sqs: {
          arn: lane,
          batchSize: jobType.batchSize,
          maximumConcurrency: jobType.maxConcurrency,
          functionResponseType: 'ReportBatchItemFailures',
        },
      },
    ],
  };
}

/** A workflow's steps are functions named `<type>-<step>`. */
const steps = ({ name }) =>
  Object.fromEntries(
    foldersIn(join(__dirname, 'job-types', name, 'steps')).map((step) => [
      `${name}-${step}`,
      functionIn(__dirname, `job-types/${name}/steps/${step}`),
    ]),
  );

function deadLetterConsumer(definition, jobTypes) {
  const ids = jobTypes.map(({ name }) => pascalCase(name));
  return {
    ...definition,
    environment: { JOBS_TABLE, ARCHIVE_BUCKET, STAGE: '$' + '{sls:stage}' },
    iamRoleStatements: [
      allow(['dynamodb:GetItem', 'dynamodb:UpdateItem'], arnOf('JobsTable')),
      allow(['s3:PutObject'], within('ArchiveBucket', 'failed/*'), within('ArchiveBucket', 'parked/*')),
      allow(['sqs:SendMessage'], ...ids.map((id) => arnOf(`${id}Lane`))),
      allow(['sqs:ChangeMessageVisibility'], ...ids.map((id) => arnOf(`${id}DeadLetters`))),
    ],
    events: ids.map((id) => ({
      // 2 is the least an event source takes: dead letters are few, and nobody waits for them
      sqs: {
        arn: arnOf(`${id}DeadLetters`),
        batchSize: 10,
        maximumConcurrency: 2,
        functionResponseType: 'ReportBatchItemFailures',
      },
    })),
  };
}

const arnOf = (logicalId) => ({ 'Fn::GetAtt': [logicalId, 'Arn'] });
const within = (bucket, keys) => ({ 'Fn::Sub': `\${${bucket}.Arn}/${keys}` });
const allow = (Action, ...Resource) => ({ Effect: 'Allow', Action, Resource });
