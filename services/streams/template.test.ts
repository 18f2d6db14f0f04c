import { ofType, packageService } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';
import { describeStreamReader } from '@spillway/shared/testing/stream-reader-template.ts';

const template = packageService('streams');

describeStreamReader(template, 'events:PutEvents');

describe('the inspection queue', () => {
  it('a stage has no inspection queue, which would double the price of an event, unless it asks for one', () => {
    expect(ofType(template, 'AWS::Events::Rule')).toEqual([]);
    expect(ofType(template, 'AWS::SQS::Queue')).toEqual([]);
    expect(template.Outputs).not.toHaveProperty('InspectionQueueUrl');
  });

  it('a stage that inspects events has a queue for them, and an alarm when the bus could not deliver one', () => {
    const { Resources, Outputs } = packageService('streams', { inspection: 'on' });
    expect(Outputs).toHaveProperty('InspectionQueueUrl');
    expect(Resources.UndeliveredAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['UndeliveredEvents', 'QueueName'] } }],
      Threshold: 0,
    });
  });
});

describeResources(template);
