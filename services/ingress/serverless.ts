import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stopsKeys } from '@spillway/shared/contracts/lane.ts';
import { goesOnAlone } from '@spillway/shared/contracts/run-kinds.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { NOT_LANE_ARNS } from '@spillway/shared/packaging/lanes.ts';
import {
  DUE_QUEUE_ARN,
  JOBS_TABLE,
  WEBHOOK_ALLOWED_CIDRS,
  WEBHOOK_SECRETS_ARN,
  WEBHOOKS_TABLE,
  WEBHOOKS_TABLE_ARN,
} from '@spillway/shared/packaging/places.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { executionsArn } from '@spillway/shared/packaging/workflows.ts';
import { writeOwners } from './owners.ts';
import { administrators } from './resources/administrators.ts';
import { doorFailsAlarm } from './resources/door-fails-alarm.ts';
import { lightFunctions } from './resources/light-routes.ts';
import { lanes, soloLanes } from './resources/provided-lanes.ts';
import { restApi } from './resources/rest-api.ts';
import { sampling } from './resources/sampling.ts';
import { SCHEDULE_CUSTOM, schedules } from './resources/schedules.ts';
import { TOKEN_URLS, users } from './resources/users.ts';

const { functions, routes } = lightFunctions(dirname(fileURLToPath(import.meta.url)));

export default service({
  name: 'ingress',
  params: {
    default: {
      tokenUrl: TOKEN_URLS.default,
      // one request in a hundred is traced
      tracedShare: 0.01,
      webhookAllowedCidrs: WEBHOOK_ALLOWED_CIDRS.default,
    },
    local: { tokenUrl: TOKEN_URLS.local, webhookAllowedCidrs: WEBHOOK_ALLOWED_CIDRS.local },
    solo: soloLanes(),
  },
  custom: {
    jobsTable: JOBS_TABLE,
    dueQueueArn: DUE_QUEUE_ARN,
    jobsTableArn: provided('JobsTableArn'),
    payloadBucket: provided('PayloadBucketName'),
    uploadBucket: provided('UploadBucketName'),
    laneArns: lanes()
      .filter(({ jobType }) => !jobType.retired)
      .map(({ queueArn }) => queueArn),
    stoppedExecutions: loadJobTypes().filter(goesOnAlone).map(executionsArn),
    archiveBucket: provided('ArchiveBucketName'),
    notLanes: NOT_LANE_ARNS,
    jobTypeOwners: writeOwners(loadJobTypes()),
    // as JSON, because an environment variable must not be empty
    stoppingTypes: JSON.stringify(
      loadJobTypes()
        .filter(stopsKeys)
        .map(({ name }) => name),
    ),
    webhooksTable: WEBHOOKS_TABLE,
    webhooksTableArn: WEBHOOKS_TABLE_ARN,
    webhookSecretsArn: WEBHOOK_SECRETS_ARN,
    ...SCHEDULE_CUSTOM,
  },
  functions,
  resources: [
    restApi(lanes(), routes),
    sampling,
    users,
    administrators,
    schedules(lanes()),
    '${file(resources/usage.yml)}',
    doorFailsAlarm,
  ],
});
