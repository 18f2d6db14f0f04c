import { outputOf, provided, soloArn } from '@spillway/shared/packaging/platform.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { copyRole } from './resources/copy-role.ts';
import { failed } from './resources/failed.ts';

export default service({
  name: 'redshift-loader',
  params: {
    // the workgroup has no default: it is yours, and another stage may have another one
    default: { redshiftDatabase: 'dev', redshiftSchema: 'spillway' },
    solo: {
      redshiftWorkgroupArn: soloArn('redshift-serverless', 'workgroup/00000000-0000-0000-0000-000000000000'),
      lakeBucketName: 'spillway-solo-lake-000000000000-eu-west-1',
    },
  },
  custom: {
    lakeBucket: outputOf('analytics', 'LakeBucketName'),
    workgroupArn: '${param:redshiftWorkgroupArn}',
    copyRoleName: 'spillway-${sls:stage}-redshift-copy',
    copyRoleArn: 'arn:${param:partition}:iam::${self:custom.accountId}:role/${self:custom.copyRoleName}',
    failedQueue: 'spillway-${sls:stage}-redshift-not-loaded',
    alarmTopic: provided('AlarmTopicArn'),
  },
  resources: [copyRole, failed],
});
