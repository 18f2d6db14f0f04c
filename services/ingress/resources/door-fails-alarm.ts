import { alarm } from '@spillway/shared/packaging/alarms.ts';
import type { Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';

/** The alarm for a front door that answers 5xx. */
export const doorFailsAlarm: Stack = {
  Resources: {
    DoorFailsAlarm: alarm({
      description: 'The front door answers 5xx: docs/runbooks/door-fails.md',
      metric: {
        namespace: 'AWS/ApiGateway',
        name: '5XXError',
        dimensions: { ApiName: 'spillway-${sls:stage}', Stage: '${sls:stage}' },
        // the share of requests
        statistic: 'Average',
      },
      // one in a hundred for two minutes is more than a lost connection
      trigger: { periodSeconds: 60, periods: 2, above: 0.01 },
      topic: provided('AlarmTopicArn'),
    }),
  },
};
