import { ofType, packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';

const template = packageService('example-subscriber');

describeResources(template);

it('another team’s rule has a queue, a dead-letter queue and an alarm of its own', () => {
  const { FailuresRule, Failures, FailureDeadLettersAlarm } = template.Resources;
  const dead = { 'Fn::GetAtt': ['FailureDeadLetters', 'Arn'] };
  expect(FailuresRule?.Properties).toMatchObject({
    EventBusName: 'spillway-solo',
    EventPattern: { 'detail-type': ['job.failed', 'job.expired'] },
    Targets: [{ Arn: { 'Fn::GetAtt': ['Failures', 'Arn'] }, DeadLetterConfig: { Arn: dead } }],
  });
  expect(Failures?.Properties.RedrivePolicy).toEqual({ deadLetterTargetArn: dead, maxReceiveCount: 5 });
  expect(FailureDeadLettersAlarm?.Properties.Dimensions).toEqual([
    { Name: 'QueueName', Value: { 'Fn::GetAtt': ['FailureDeadLetters', 'QueueName'] } },
  ]);
});

it('only the rule may send into the queue of failures and its dead-letter queue', () => {
  for (const policy of ['FailuresPolicy', 'FailureDeadLettersPolicy']) {
    const statements = template.Resources[policy]?.Properties.PolicyDocument.Statement;
    const allowed = statements.filter(({ Effect }: { Effect: string }) => Effect === 'Allow');
    expect(allowed).toMatchObject([
      {
        Principal: { Service: 'events.amazonaws.com' },
        Condition: { ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': ['FailuresRule', 'Arn'] } } },
      },
    ]);
  }
});

it('the functions that open cases may write only their own table', () => {
  for (const role of ['OnDashfailureIamRoleLambdaExecution', 'OnDashconflictIamRoleLambdaExecution']) {
    const writes = rightsOf(template, role).filter((right) => /^dynamodb/.test(right));
    expect(writes).toEqual(['dynamodb:UpdateItem {"Fn::GetAtt":["CasesTable","Arn"]}']);
  }
});

it('each subscription that can have a dead-letter queue has one, which the topic may send to', () => {
  const { SubscribersPolicy } = template.Resources;
  const dead = { 'Fn::GetAtt': ['NotDelivered', 'Arn'] };
  for (const id of ['EndingsSubscription', 'ConflictSubscription']) {
    expect(template.Resources[id]?.Properties.RedrivePolicy).toEqual({ deadLetterTargetArn: dead });
  }
  const [, allowed] = SubscribersPolicy?.Properties.PolicyDocument.Statement ?? [];
  expect(allowed).toMatchObject({ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' } });
  expect(allowed.Resource).toContainEqual(dead);
});

it('a function that the topic calls has a destination for events that it cannot handle, which SNS has delivered by then', () => {
  const [config] = ofType(template, 'AWS::Lambda::EventInvokeConfig').map(([, { Properties }]) => Properties);
  const dead = { 'Fn::GetAtt': ['NotDelivered', 'Arn'] };
  expect(config).toMatchObject({
    FunctionName: { Ref: 'OnDashconflictLambdaFunction' },
    DestinationConfig: { OnFailure: { Destination: dead } },
  });
  expect(rightsOf(template, 'OnDashconflictIamRoleLambdaExecution')).toContain(
    `sqs:SendMessage ${JSON.stringify(dead)}`,
  );
});

it('subscribes a person by e-mail only if asked to', () => {
  expect(template.Resources).not.toHaveProperty('EmailSubscription');
  const { Resources } = packageService('example-subscriber', { emails: 'on', email: 'you@example.com' });
  expect(Resources.EmailSubscription?.Properties).toMatchObject({
    Protocol: 'email',
    Endpoint: 'you@example.com',
    FilterPolicy: { outcome: ['FAILED', 'EXPIRED'] },
  });
});
