import { waitingMessagesAlarm } from '@spillway/shared/packaging/alarms.ts';
import { arnOf, ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { encryptedQueue, queuePolicy } from '@spillway/shared/packaging/queues.ts';

/** Keeps the hours that could not be loaded, for as long as SQS can, and says so. */
export const failed: Stack = {
  Resources: {
    NotLoaded: encryptedQueue({ QueueName: '${self:custom.failedQueue}', MessageRetentionPeriod: 1_209_600 }),
    NotLoadedPolicy: queuePolicy(['NotLoaded'], arnOf('NotLoaded')),
    NotLoadedAlarm: waitingMessagesAlarm('${self:custom.failedQueue}', {
      description: 'An hour of facts could not be loaded into Redshift: docs/warehouses.md',
      periodSeconds: 300,
      topic: '${self:custom.alarmTopic}',
    }),
  },
  // whom the administrator of the database gives rights (setup.sql)
  Outputs: { LoaderRoleName: { Value: ref('TickDashfactsIamRoleLambdaExecution') } },
};
