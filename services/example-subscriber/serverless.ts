import { outputOf, provided, soloArn } from '@spillway/shared/packaging/platform.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { cases } from './resources/cases.ts';
import { failures } from './resources/failures.ts';

export default service({
  name: 'example-subscriber',
  params: {
    // with `--param emails=on --param email=you@example.com`, you get an e-mail for each failed ledger posting
    default: { emails: 'off', email: '' },
    solo: { busName: 'spillway-solo', eventTopicArn: soloArn('sns', 'spillway-solo-events') },
  },
  custom: {
    emails: { on: '${file(resources/email.yml)}', off: {} },
    bus: outputOf('streams', 'BusName'),
    topic: outputOf('streams', 'EventTopicArn'),
    alarmTopic: provided('AlarmTopicArn'),
  },
  resources: [failures, cases, '${file(resources/subscriptions.yml)}', '${self:custom.emails.${param:emails}}'],
});
