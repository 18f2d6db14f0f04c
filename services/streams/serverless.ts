import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import type { Scope } from '@spillway/shared/contracts/scopes.ts';
import { eventStreamName } from '@spillway/shared/events/put-in-order.ts';
import { loadJobTypes, publishedInFull } from '@spillway/shared/packaging/job-types.ts';
import { laneArn } from '@spillway/shared/packaging/lanes.ts';
import { JOBS_TABLE, WEBHOOKS_TABLE, WEBHOOKS_TABLE_ARN } from '@spillway/shared/packaging/places.ts';
import { outputOf, provided } from '@spillway/shared/packaging/platform.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { streamReader } from '@spillway/shared/packaging/stream-reader.ts';
import { connectionsTable } from './resources/connections-table.ts';
import { eventStream } from './resources/event-stream.ts';
import { inspection } from './resources/inspection.ts';
import { PUSH_QUEUE_ARN, pushQueue } from './resources/push-queue.ts';
import { schemas } from './resources/schemas.ts';
import { CLOSE_CONNECTIONS, SEND_TO_CONNECTIONS, socketApi } from './resources/socket-api.ts';
import { topic } from './resources/topic.ts';

const FAILURES_BUCKET = 'spillway-${sls:stage}-bus-failures-${self:custom.accountId}-${aws:region}';

export default service({
  name: 'streams',
  params: {
    default: {
      inspection: 'off',
      kinesis: 'off',
      // clients of the socket get a change within a second
      streamWindowSeconds: 0,
      // while nobody is subscribed to the topic, nothing is published on it: how late a new subscription is noticed
      topicLookSeconds: 60,
      // how many messages of clients are handled at the same time, each of which may be a catch-up of 20 s
      socketConcurrency: 'off',
      // how many messages on-push sends to the connections of tenants that have many: half of what API Gateway takes from an account
      // for all of its APIs, the front door included (docs/decisions/2026-11-27-pushes-leave-half-of-the-quota.md)
      pushMessagesPerSecond: 5000,
    },
    // tests subscribe; and the engine, one process for all of AWS, takes about 850 messages a second when it does nothing else
    local: { inspection: 'on', topicLookSeconds: 1, pushMessagesPerSecond: 300 },
    solo: { userPoolId: 'eu-west-1_solo00000' },
  },
  custom: {
    // every event in a queue, for tests and people: twice the price of an event
    inspections: { on: inspection, off: {} },
    // with `--param kinesis=on`, all events in the order of each job (docs/choosing-a-stream.md)
    eventStreams: { on: eventStream, off: {} },
    eventStreamName: eventStreamName('${sls:stage}'),
    eventStreamNames: { on: '${self:custom.eventStreamName}', off: '' },
    // not reserved, so as many as the account allows
    socketConcurrencies: { off: { Ref: 'AWS::NoValue' } },
    bus: 'spillway-${sls:stage}',
    topicName: 'spillway-${sls:stage}-events',
    topicArn: 'arn:${param:partition}:sns:${aws:region}:${self:custom.accountId}:${self:custom.topicName}',
    publishedInFull: publishedInFull().join(','),
    archiveBucket: provided('ArchiveBucketName'),
    jobsTable: JOBS_TABLE,
    jobsTableArn: provided('JobsTableArn'),
    connectionsTable: 'spillway-${sls:stage}-connections',
    pushQueueArn: PUSH_QUEUE_ARN,
    webhooksTable: WEBHOOKS_TABLE,
    webhooksTableArn: WEBHOOKS_TABLE_ARN,
    deliveryLaneArn: laneArn(webhookDelivery),
    sendToConnections: SEND_TO_CONNECTIONS,
    closeConnections: CLOSE_CONNECTIONS,
    userPoolId: outputOf('ingress', 'UserPoolId'),
    readScope: 'jobs/read' satisfies Scope,
    jobTypes: loadJobTypes()
      .map(({ name }) => name)
      .join(','),
    jobsTableStreamArn: provided('JobsTableStreamArn'),
  },
  resources: [
    '${file(resources/bus.yml)}',
    // an unknown value is refused when all variables are resolved (shared/packaging/parameter-check.ts)
    '${self:custom.inspections.${param:inspection}, self:custom.inspections.off}',
    '${self:custom.eventStreams.${param:kinesis}, self:custom.eventStreams.off}',
    schemas,
    topic,
    streamReader('streams', FAILURES_BUCKET),
    socketApi,
    connectionsTable,
    pushQueue,
  ],
});
