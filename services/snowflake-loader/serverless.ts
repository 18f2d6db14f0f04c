import { outputOf, SOLO_ACCOUNT } from '@spillway/shared/packaging/platform.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { readRole } from './resources/read-role.ts';

export default service({
  name: 'snowflake-loader',
  params: {
    // DESC INTEGRATION says both (docs/warehouses.md), so they have no defaults
    solo: {
      snowflakeUserArn: `arn:aws:iam::${SOLO_ACCOUNT}:user/solo`,
      snowflakeExternalId: 'solo',
      lakeBucketName: 'spillway-solo-lake-000000000000-eu-west-1',
    },
  },
  custom: { lakeBucket: outputOf('analytics', 'LakeBucketName') },
  resources: [readRole],
});
