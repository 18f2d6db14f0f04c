import { EVENT_TYPES } from '@spillway/shared/contracts/events/event-types.ts';
import { PUSHERS } from '@spillway/shared/packaging/concurrency.ts';
import { ofType, packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';
import { describeStreamReader } from '@spillway/shared/testing/stream-reader-template.ts';
import { PARTS } from './socket/table.ts';

const template = packageService('streams');
/** With all that a stage can ask for. */
const full = packageService('streams', {
  kinesis: 'on',
  inspection: 'on',
  socketConcurrency: '50',
  pushMessagesPerSecond: '1250',
});

describeStreamReader(
  template,
  [
    'events:PutEvents',
    'sns:Publish',
    'sns:GetTopicAttributes',
    'sqs:SendMessage',
    'execute-api:ManageConnections',
    'dynamodb:BatchGetItem',
    'dynamodb:Query',
    'dynamodb:DeleteItem',
    'dynamodb:BatchWriteItem',
  ],
  0,
);

describe('the socket', () => {
  const { Resources } = template;

  it('lets only callers connect whom the authorizer allows to, by headers and never by the URL', () => {
    expect(Resources.SocketConnectRoute?.Properties).toMatchObject({
      AuthorizationType: 'CUSTOM',
      AuthorizerId: { Ref: 'SocketAuthorizer' },
    });
    // an identity source would be required, and there are two headers
    expect(Resources.SocketAuthorizer?.Properties).not.toHaveProperty('IdentitySource');
    expect(Resources.SocketDashauthorizeLambdaFunction?.Properties.Environment.Variables).toMatchObject({
      USER_POOL_ID: 'eu-west-1_solo00000',
      SCOPE: 'jobs/read',
    });
  });

  it('logs nothing of a handshake, which has the token', () => {
    expect(Resources.SocketStage?.Properties).not.toHaveProperty('AccessLogSettings');
    expect(Resources.SocketStage?.Properties.DefaultRouteSettings).toEqual({
      ThrottlingRateLimit: 500,
      ThrottlingBurstLimit: 1000,
    });
  });

  it('is deployed after its routes, and again when they change', () => {
    const [[id, deployment] = []] = ofType(template, 'AWS::ApiGatewayV2::Deployment');
    expect(deployment?.DependsOn).toEqual(['SocketConnectRoute', 'SocketDefaultRoute', 'SocketDisconnectRoute']);
    expect(Resources.SocketStage?.Properties.DeploymentId).toEqual({ Ref: id });
  });

  it('only functions that push may send to connections of this stage, and only those that end them may close them', () => {
    const methodsOf = (role: string) =>
      rightsOf(template, role)
        .filter((right) => right.startsWith('execute-api:'))
        .flatMap((right) => [...right.matchAll(/\$\{SocketApi\}\/solo\/(\w+)\/@connections\/\*/g)])
        .map(([, method]) => method);
    const methods = ofType(template, 'AWS::IAM::Role').map(([id]) => [id, methodsOf(id)] as const);
    expect(Object.fromEntries(methods.filter(([, { length }]) => length > 0))).toEqual({
      OnDashjobDashchangedIamRoleLambdaExecution: ['POST'],
      OnDashpushIamRoleLambdaExecution: ['POST'],
      SocketDashmessageIamRoleLambdaExecution: ['POST', 'DELETE'],
      TickDashconnectionsIamRoleLambdaExecution: ['POST', 'DELETE'],
    });
  });

  it('reserves concurrency for the messages of clients only if the deployer says how much', () => {
    const concurrencyOf = ({ Resources: these }: typeof template) =>
      these.SocketDashmessageLambdaFunction?.Properties.ReservedConcurrentExecutions;
    expect(concurrencyOf(template)).toEqual({ Ref: 'AWS::NoValue' });
    expect(Number(concurrencyOf(full))).toBe(50);
  });

  it('keeps the order of events of each connection while many connections get them side by side', () => {
    expect(Resources.PushQueue?.Properties).toMatchObject({
      FifoQueue: true,
      DeduplicationScope: 'messageGroup',
      FifoThroughputLimit: 'perMessageGroupId',
      MessageRetentionPeriod: 300,
    });
  });

  it('pushes at the same rate as it makes parts for, whatever the stage says', () => {
    const rates = (these: typeof template) =>
      ['OnDashjobDashchanged', 'OnDashpush'].map(
        (id) => these.Resources[`${id}LambdaFunction`]?.Properties.Environment.Variables.PUSH_MESSAGES_PER_SECOND,
      );
    expect(rates(template)).toEqual(['5000', '5000']);
    expect(rates(full)).toEqual(['1250', '1250']);
  });

  it('forgets connections that were not removed in the ordinary way', () => {
    expect(Resources.ConnectionsTable?.Properties).toMatchObject({
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      BillingMode: 'PAY_PER_REQUEST',
    });
  });
});

describe('the bus', () => {
  it('keeps its events for 30 days, to publish them again', () => {
    expect(template.Resources.EventArchive?.Properties).toEqual({
      ArchiveName: 'spillway-solo',
      SourceArn: { 'Fn::GetAtt': ['Bus', 'Arn'] },
      RetentionDays: 30,
    });
  });

  it('has the contract of each event in the registry of schemas, named as EventBridge names its own', () => {
    const schemas = ofType(template, 'AWS::EventSchemas::Schema').map(([, { Properties }]) => Properties);
    expect(schemas.map(({ SchemaName }) => SchemaName)).toEqual(EVENT_TYPES.map((type) => `spillway.jobs@${type}`));
    for (const { Content, SchemaName } of schemas) {
      const { components } = JSON.parse(Content);
      const { AWSEvent, ...others } = components.schemas;
      const [[name, event]] = Object.entries(others) as [[string, { required: string[] }]];
      expect(AWSEvent.properties.detail).toEqual({ $ref: `#/components/schemas/${name}` });
      expect(`spillway.jobs@${AWSEvent['x-amazon-events-detail-type']}`).toBe(SchemaName);
      expect(event.required).toEqual(expect.arrayContaining(['specversion', 'id', 'source', 'type', 'data']));
      // OpenAPI 3.0 has neither
      expect(Content).not.toMatch(/"const"|"\$schema"/);
    }
  });
});

it('the topic is encrypted, and takes nothing without TLS', () => {
  const { EventTopic, EventTopicPolicy } = template.Resources;
  expect(EventTopic?.Properties.KmsMasterKeyId).toBe('alias/aws/sns');
  expect(EventTopicPolicy?.Properties.PolicyDocument.Statement).toMatchObject([{ Sid: 'TlsOnly', Effect: 'Deny' }]);
});

describe('the Kinesis stream', () => {
  const { Resources, Outputs } = template;

  it('a stage has no Kinesis stream, no right to one and no alarm for one, unless it asks for it', () => {
    expect(JSON.stringify(Resources).toLowerCase()).not.toContain('kinesis:');
    expect(ofType(template, 'AWS::Kinesis::Stream')).toEqual([]);
    expect(Resources).not.toHaveProperty('EventStreamThrottledAlarm');
    expect(Outputs).not.toHaveProperty('EventStreamArn');
    expect(Resources.OnDashjobDashchangedLambdaFunction?.Properties.Environment.Variables.EVENT_STREAM).toBe('');
  });

  it('a stage that asks for it has an encrypted one for a week, to which only the publisher of events may write, and an alarm', () => {
    const { Resources, Outputs } = full;
    expect(Resources.EventStream?.Properties).toEqual({
      Name: 'spillway-solo-events',
      StreamModeDetails: { StreamMode: 'ON_DEMAND' },
      RetentionPeriodHours: 168,
      StreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
    });
    expect(Resources.EventStreamPolicy?.Properties).toMatchObject({
      Roles: [{ Ref: 'OnDashjobDashchangedIamRoleLambdaExecution' }],
      PolicyDocument: {
        Statement: [
          { Effect: 'Allow', Action: 'kinesis:PutRecords', Resource: [{ 'Fn::GetAtt': ['EventStream', 'Arn'] }] },
        ],
      },
    });
    expect(Resources.EventStreamThrottledAlarm?.Properties).toMatchObject({
      MetricName: 'WriteProvisionedThroughputExceeded',
      Dimensions: [{ Name: 'StreamName', Value: { Ref: 'EventStream' } }],
      Threshold: 0,
    });
    expect(Resources.OnDashjobDashchangedLambdaFunction?.Properties.Environment.Variables.EVENT_STREAM).toBe(
      'spillway-solo-events',
    );
    expect(Object.keys(Outputs)).toEqual(expect.arrayContaining(['EventStreamName', 'EventStreamArn']));
  });
});

describe('the inspection queue', () => {
  it('a stage has no inspection queue, which would double the price of an event, unless it asks for one', () => {
    expect(template.Resources).not.toHaveProperty('CatchAll');
    expect(ofType(template, 'AWS::SQS::Queue').map(([id]) => id)).toEqual(['PushQueue']);
    expect(template.Outputs).not.toHaveProperty('InspectionQueueUrl');
  });

  it('a stage that inspects events has a queue for them, and an alarm when the bus could not deliver one', () => {
    const { Resources, Outputs } = full;
    expect(Outputs).toHaveProperty('InspectionQueueUrl');
    expect(Resources.UndeliveredAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: { 'Fn::GetAtt': ['UndeliveredEvents', 'QueueName'] } }],
      Threshold: 0,
    });
  });
});

it('the parts of a push to many connections are sent by a function each, as the sum of a deploy says', () => {
  const mappings = ofType(template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) => Properties);
  expect(mappings.flatMap(({ ScalingConfig }) => ScalingConfig?.MaximumConcurrency ?? [])).toEqual([PUSHERS]);
  expect(PUSHERS).toBe(PARTS.length);
});

describeResources(full);
