import { laneName } from '../contracts/lane.ts';
import { DUE, NOT_LANES } from '../contracts/names.ts';
import { loadJobTypes } from '../packaging/job-types.ts';
import { ofType, type Resource, rightsOf, type Template } from './package-service.ts';

/** The bucket in which the framework keeps its packages. The framework creates it. */
const DEPLOYMENT_BUCKET = 'ServerlessDeploymentBucket';

/** Its rows are gone before a stack could be made again: connections end after two hours. */
const CONNECTIONS_TABLE = 'ConnectionsTable';

/** The resources whose loss would lose jobs, facts or tenants. */
const HOLDING_DATA = ['AWS::DynamoDB::Table', 'AWS::S3::Bucket', 'AWS::Cognito::UserPool'];

/** The queues of the example of another team's stack. */
const OF_OTHER_TEAMS = 'example-*';

/** The actions that IAM cannot limit to a resource, and those of plugins, which are limited elsewhere. */
const FOR_ALL_RESOURCES =
  /^(xray:|logs:|scheduler:ListSchedules |states:SendTask(Success|Failure) |redshift-data:DescribeStatement )/;

const holdsData = (id: string, { Type }: Resource) =>
  (HOLDING_DATA.includes(Type) && id !== DEPLOYMENT_BUCKET && id !== CONNECTIONS_TABLE) ||
  (Type === 'AWS::SQS::Queue' && /(Lane|DeadLetters)$/.test(id));

/** Tests for every service's compiled template: private buckets, and a role and a log group for each function. */
export function describeResources(template: Template): void {
  const functions = ofType(template, 'AWS::Lambda::Function');

  it('every bucket is private and encrypted, also the one of the deploy', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::S3::Bucket')) {
      expect(Object.values(Properties.PublicAccessBlockConfiguration)).toEqual([true, true, true, true]);
      expect(Properties.BucketEncryption).toBeDefined();
    }
  });

  it('every queue is a lane, or is known as another one, into which senders to all lanes may not send', () => {
    const lanes = loadJobTypes().map((jobType) => laneName(jobType, 'solo'));
    const others = [...NOT_LANES, DUE, OF_OTHER_TEAMS].map((name) => `spillway-solo-${name}`);
    const known = new RegExp(`^(${others.map((name) => name.replace('.', '\\.').replace('*', '.*')).join('|')})$`);
    const queues: string[] = ofType(template, 'AWS::SQS::Queue').map(([, { Properties }]) => Properties.QueueName);
    expect(queues.filter((queue) => !lanes.includes(queue) && !known.test(queue))).toEqual([]);
  });

  it('every queue is encrypted, and refuses calls without TLS', () => {
    const policies = ofType(template, 'AWS::SQS::QueuePolicy').map(([, { Properties }]) => Properties);
    const tlsOnly = policies.filter(({ PolicyDocument }) =>
      PolicyDocument.Statement.some(
        ({ Sid, Effect }: { Sid?: string; Effect: string }) => `${Sid} ${Effect}` === 'TlsOnly Deny',
      ),
    );
    const refusing = tlsOnly.flatMap(({ Queues }) => Queues.map(({ Ref }: { Ref: string }) => Ref));
    for (const [id, { Properties }] of ofType(template, 'AWS::SQS::Queue')) {
      expect(Properties.SqsManagedSseEnabled).toBe(true);
      expect(refusing).toContain(id);
    }
  });

  it('whatever holds data outlives its stack and a replacement, but not a first deploy that failed', () => {
    for (const [id, resource] of Object.entries(template.Resources)) {
      if (!holdsData(id, resource)) continue;
      const { DeletionPolicy, UpdateReplacePolicy } = resource;
      expect([id, DeletionPolicy, UpdateReplacePolicy]).toEqual([id, 'RetainExceptOnCreate', 'Retain']);
    }
  });

  it('functions log JSON without a line for every start and end, and keep the lines that carry metrics', () => {
    for (const [, { Properties }] of functions) {
      expect(Properties.LoggingConfig).toMatchObject({
        LogFormat: 'JSON',
        ApplicationLogLevel: 'INFO',
        SystemLogLevel: 'WARN',
      });
    }
  });

  it('functions follow the decision to trace of their caller, and those without a caller trace nothing', () => {
    for (const [, { Properties }] of functions) {
      const mode = /-(on-job-changed|socket-[a-z]+|tick-[a-z-]+)$/.test(Properties.FunctionName)
        ? 'PassThrough'
        : 'Active';
      expect([Properties.FunctionName, Properties.TracingConfig.Mode]).toEqual([Properties.FunctionName, mode]);
    }
  });

  it('tables are encrypted with the key of DynamoDB, which costs nothing', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::DynamoDB::Table')) {
      expect(Properties).not.toHaveProperty('SSESpecification');
    }
  });

  it('functions write their metrics to the namespace of their stage, where the alarms read them', () => {
    for (const [, { Properties }] of functions) {
      expect(Properties.Environment.Variables).toMatchObject({ POWERTOOLS_METRICS_NAMESPACE: 'Spillway/solo' });
    }
  });

  it('each function has its own role, and no role has permissions for all resources', () => {
    expect(template.Resources).not.toHaveProperty('IamRoleLambdaExecution');
    const owned = functions.map(([, { Properties }]) => Properties.Role['Fn::GetAtt'][0]);
    expect(new Set(owned).size).toBe(owned.length);
    const roles = ofType(template, 'AWS::IAM::Role').map(([id]) => id);
    const wide = roles.flatMap((role) => rightsOf(template, role)).filter((right) => right.includes('"*"'));
    expect(wide.filter((right) => !FOR_ALL_RESOURCES.test(right))).toEqual([]);
  });

  it('no resource has a DependsOn that is empty or repeats its role', () => {
    for (const { DependsOn, Properties } of Object.values(template.Resources)) {
      expect(DependsOn).not.toEqual([]);
      const role = (Properties?.Role ?? Properties?.RoleArn)?.['Fn::GetAtt']?.[0];
      if (role) expect([DependsOn].flat()).not.toContain(role);
    }
  });

  it('no function may create log groups, because the template has one for each function', () => {
    for (const id of functions.map(([lambda]) => lambda.replace(/LambdaFunction$/, ''))) {
      expect(template.Resources).toHaveProperty(`${id}LogGroup`);
      const actions = rightsOf(template, `${id}IamRoleLambdaExecution`).map((right) => right.split(' ')[0]);
      expect(actions.filter((action) => action?.startsWith('logs:'))).toEqual([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ]);
    }
  });
}
