import { packageService } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';
import { describeStreamReader } from '@spillway/shared/testing/stream-reader-template.ts';

const template = packageService('streams');

describeStreamReader(template, 'events:PutEvents');

describe('the bus', () => {
  it('an alarm goes off when the bus could not deliver an event', () => {
    expect(template.Resources.UndeliveredAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['UndeliveredEvents', 'QueueName'] } }],
      Threshold: 0,
    });
  });
});

describeResources(template);
