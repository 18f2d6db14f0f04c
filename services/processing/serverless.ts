import { goesOnAlone } from '@spillway/shared/contracts/run-kinds.ts';
import { arnOf, ref, sub } from '@spillway/shared/packaging/cloudformation.ts';
import { activeJobTypes, loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { laneArn, NOT_LANE_ARNS } from '@spillway/shared/packaging/lanes.ts';
import {
  DUE_QUEUE_ARN,
  JOBS_TABLE,
  type Places,
  WEBHOOK_ALLOWED_CIDRS,
  WEBHOOK_SECRETS_ARN,
  WEBHOOKS_TABLE,
} from '@spillway/shared/packaging/places.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { executionsArn } from '@spillway/shared/packaging/workflows.ts';
import { documents } from './resources/documents.ts';
import { due } from './resources/due.ts';
import { buckets } from './resources/job-buckets.ts';
import { jobsTable } from './resources/jobs-table.ts';
import { ledger } from './resources/ledger.ts';
import { orders } from './resources/orders.ts';
import { webhooks } from './resources/webhooks.ts';

/** This service owns the places of the platform, which are in its stack. */
const places: Places = {
  jobsTableArn: arnOf('JobsTable'),
  archive: {
    name: 'spillway-${sls:stage}-archive-${self:custom.accountId}-${aws:region}',
    arn: arnOf('ArchiveBucket'),
    objects: (keys) => sub(`\${ArchiveBucket.Arn}/${keys}`),
  },
  payloads: {
    name: 'spillway-${sls:stage}-payloads-${self:custom.accountId}-${aws:region}',
    arn: arnOf('PayloadBucket'),
    objects: (keys) => sub(`\${PayloadBucket.Arn}/${keys}`),
  },
  uploads: {
    name: 'spillway-${sls:stage}-uploads-${self:custom.accountId}-${aws:region}',
    arn: arnOf('UploadBucket'),
    objects: (keys) => sub(`\${UploadBucket.Arn}/${keys}`),
  },
  alarmTopic: ref('AlarmTopic'),
};

export default service({
  name: 'processing',
  places,
  params: {
    default: {
      webhookAllowedCidrs: WEBHOOK_ALLOWED_CIDRS.default,
      // the stock of a SKU that has no row in the orders table: none, until somebody enters it (README.md)
      initialStock: '0',
    },
    local: {
      webhookAllowedCidrs: WEBHOOK_ALLOWED_CIDRS.local,
      // enough for any demo
      initialStock: '1000000',
    },
  },
  custom: {
    jobsTable: JOBS_TABLE,
    // by their names, because the other services are deployed later
    bulkLanes: activeJobTypes().map(laneArn),
    notLanes: NOT_LANE_ARNS,
    stoppedExecutions: loadJobTypes().filter(goesOnAlone).map(executionsArn),
    documentsTable: 'spillway-${sls:stage}-documents',
    dueQueueArn: DUE_QUEUE_ARN,
    ledgerTable: 'spillway-${sls:stage}-ledger',
    ordersTable: 'spillway-${sls:stage}-orders',
    webhooksTable: WEBHOOKS_TABLE,
    webhookSecretsArn: WEBHOOK_SECRETS_ARN,
    ordersTopic: 'spillway-${sls:stage}-orders',
    ordersTopicArn: 'arn:${param:partition}:sns:${aws:region}:${self:custom.accountId}:${self:custom.ordersTopic}',
  },
  resources: [jobsTable, buckets, due, '${file(resources/alarm-topic.yml)}', ledger, orders, documents, webhooks],
});
