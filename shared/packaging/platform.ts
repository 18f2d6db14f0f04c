/** The account of the stage `solo`, which does not exist. */
export const SOLO_ACCOUNT = '000000000000';
const SOLO_REGION = 'eu-west-1';

/** A placeholder ARN for the stage `solo`. */
export const soloArn = (service: string, name: string) => `arn:aws:${service}:${SOLO_REGION}:${SOLO_ACCOUNT}:${name}`;

/** The outputs of processing that other services use, each with its placeholder on the stage `solo`. */
const PROVIDED = {
  JobsTableArn: soloArn('dynamodb', 'table/spillway-solo-jobs'),
  JobsTableStreamArn: soloArn('dynamodb', 'table/spillway-solo-jobs/stream/2026-01-01T00:00:00.000'),
  ArchiveBucketName: `spillway-solo-archive-${SOLO_ACCOUNT}-${SOLO_REGION}`,
  PayloadBucketName: `spillway-solo-payloads-${SOLO_ACCOUNT}-${SOLO_REGION}`,
  UploadBucketName: `spillway-solo-uploads-${SOLO_ACCOUNT}-${SOLO_REGION}`,
  AlarmTopicArn: soloArn('sns', 'spillway-solo-alarms'),
};

/** The parameter that can replace an output of another stack: `CsvImportLaneName` → `csvImportLaneName`. */
export const parameterName = (output: string) => output.charAt(0).toLowerCase() + output.slice(1);

/** Another service's output on the same stage, or the parameter that replaces it. With `--param`, AWS is not called. */
export const outputOf = (service: string, output: string) =>
  `\${param:${parameterName(output)}, cf:${service}-\${sls:stage}.${output}}`;

/** An output of processing. */
export const provided = (output: keyof typeof PROVIDED) => outputOf('processing', output);

/** The parameters with which every service packages without a network. */
export const SOLO_PARAMETERS = {
  accountId: SOLO_ACCOUNT,
  ...Object.fromEntries(Object.entries(PROVIDED).map(([output, value]) => [parameterName(output), value])),
};
