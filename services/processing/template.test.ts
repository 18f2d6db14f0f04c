import { loadJobTypes, pascalCase } from '@spillway/shared/packaging/job-types.ts';
import { ofType, packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';
import { crashOf, describeLane, describeOrder } from './testing/lane-template.ts';

const template = packageService('processing');
const types = loadJobTypes().filter(({ service }) => service === 'processing');

/** As the framework makes logical ids of a function's name. */
const dashed = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', 'Dash');

describe('the reader of the DLQs', () => {
  it('rings when it crashes for a quarter of an hour', () => {
    expect(template.Resources.OnDeadLetterCrashAlarm?.Properties).toMatchObject(crashOf('on-dead-letter'));
  });
});

for (const jobType of types) {
  describeLane(template, jobType);
  if (jobType.lane.kind === 'ordered') describeOrder(template, jobType);
}

describe('the ledger', () => {
  it('is on demand, encrypted, recoverable, and keeps what is in it', () => {
    expect(template.Resources.LedgerTable?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    expect(template.Resources.LedgerTable?.Properties).not.toHaveProperty('TimeToLiveSpecification');
  });

  it('is written by its job type alone, and in transactions only', () => {
    const ledger = { 'Fn::GetAtt': ['LedgerTable', 'Arn'] };
    const statements = ofType(template, 'AWS::IAM::Role').flatMap(([role, { Properties }]) =>
      Properties.Policies.flatMap((policy: { PolicyDocument: { Statement: object[] } }) =>
        policy.PolicyDocument.Statement.filter((statement) => JSON.stringify(statement).includes('LedgerTable')).map(
          (statement) => ({ role, ...statement }),
        ),
      ),
    );
    expect(statements).toEqual([
      {
        role: 'LedgerDashpostingIamRoleLambdaExecution',
        Effect: 'Allow',
        Action: ['dynamodb:PutItem', 'dynamodb:UpdateItem'],
        Resource: ledger,
        Condition: { 'ForAnyValue:StringEquals': { 'dynamodb:EnclosingOperation': ['TransactWriteItems'] } },
      },
    ]);
  });
});

describe('the jobs table', () => {
  const table = template.Resources.JobsTable?.Properties;

  it('is on demand, encrypted, recoverable, forgets by TTL and tells its changes', () => {
    expect(table).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
      StreamSpecification: { StreamViewType: 'NEW_AND_OLD_IMAGES' },
    });
  });
});

describe.each(types.filter(({ run }) => run === 'express').map((jobType) => [jobType.name, jobType] as const))(
  'the workflow of %s',
  (name, jobType) => {
    const id = `${pascalCase(name)}Workflow`;
    const machine = template.Resources[id]?.Properties;
    const [definition, functions]: [string, Record<string, unknown>] = machine.DefinitionString['Fn::Sub'];
    const role = template.Resources[`${id}Role`]?.Properties;

    it('is an Express one that ends before its job does', () => {
      expect(machine).toMatchObject({ StateMachineType: 'EXPRESS', StateMachineName: `spillway-solo-${name}` });
      expect(JSON.parse(definition).TimeoutSeconds).toBeLessThan(jobType.timeoutSeconds);
    });

    it('is traced, and logs what fails without a word of the client’s input', () => {
      expect(machine.TracingConfiguration).toEqual({ Enabled: true });
      expect(machine.LoggingConfiguration).toEqual({
        Level: 'ERROR',
        IncludeExecutionData: false,
        Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': [`${id}Logs`, 'Arn'] } } }],
      });
      expect(template.Resources[`${id}Logs`]?.Properties).toMatchObject({ RetentionInDays: 30 });
    });

    it('may invoke just the functions of its steps', () => {
      const invoked = Object.values(functions).map((resource) => JSON.stringify(resource));
      const allowed = rightsOf(template, `${id}Role`).filter((right) => !/^(logs|xray):/.test(right));
      expect(allowed).toEqual([`lambda:InvokeFunction [${invoked.join(',')}]`]);
    });

    it('acts for this account’s state machines only', () => {
      const [trust] = role.AssumeRolePolicyDocument.Statement;
      expect(trust.Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
    });

    it('is started by its consumer, which knows it by name and may start no other', () => {
      const consumer = template.Resources[`${dashed(name)}LambdaFunction`]?.Properties;
      expect(consumer.Environment.Variables.WORKFLOW_ARN).toBe(
        `arn:aws:states:eu-west-1:000000000000:stateMachine:spillway-solo-${name}`,
      );
      const rights = rightsOf(template, `${dashed(name)}IamRoleLambdaExecution`);
      expect(rights.filter((right) => right.startsWith('states:'))).toEqual([
        `states:StartSyncExecution [{"Ref":"${id}"}]`,
      ]);
    });
  },
);

describe('orders', () => {
  it('are kept in a table that is on demand, encrypted and recoverable', () => {
    expect(template.Resources.OrdersTable?.Properties).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      SSESpecification: { SSEEnabled: true },
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
  });

  it('are told on an encrypted topic that refuses calls without TLS', () => {
    expect(template.Resources.OrdersTopic?.Properties.KmsMasterKeyId).toBe('alias/aws/sns');
    const [statement] = template.Resources.OrdersTopicPolicy?.Properties.PolicyDocument.Statement ?? [];
    expect(statement).toMatchObject({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } });
  });

  it.each([
    ['reserve-stock', ['dynamodb:UpdateItem']],
    ['release-stock', ['dynamodb:GetItem', 'dynamodb:UpdateItem']],
    ['charge', ['dynamodb:UpdateItem']],
    ['refund', ['dynamodb:UpdateItem']],
    ['notify', ['dynamodb:UpdateItem', 'sns:Publish']],
  ])('let %s do just what it does', (step, actions) => {
    const rights = rightsOf(template, `${dashed(`order-fulfilment-${step}`)}IamRoleLambdaExecution`);
    const own = rights.filter((right) => !/^(logs|xray):/.test(right)).map((right) => right.split(' ')[0]);
    expect(own).toEqual(actions);
  });
});

describe('the functions', () => {
  it('write their metrics for this stage alone, where the alarms read them', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::Lambda::Function')) {
      expect(Properties.Environment.Variables).toMatchObject({ POWERTOOLS_METRICS_NAMESPACE: 'Spillway/solo' });
    }
  });
});

describe('rights', () => {
  it('are each function’s own: no role is shared, and none may do anything to everything', () => {
    expect(template.Resources).not.toHaveProperty('IamRoleLambdaExecution');
    const owned = ofType(template, 'AWS::Lambda::Function').map(
      ([, { Properties }]) => Properties.Role['Fn::GetAtt'][0],
    );
    expect(new Set(owned).size).toBe(owned.length);
    const roles = ofType(template, 'AWS::IAM::Role').map(([id]) => id);
    const wide = roles.flatMap((role) => rightsOf(template, role)).filter((right) => right.includes('"*"'));
    expect(wide.filter((right) => !/^(xray|logs):/.test(right))).toEqual([]);
  });

  it.each(types.map((jobType) => [jobType.name, jobType] as const))(
    'let the consumer of %s put objects in its own places, and send again only where order allows',
    (name, { lane }) => {
      const rights = rightsOf(template, `${dashed(name)}IamRoleLambdaExecution`);
      const places = [
        `\${ArchiveBucket.Arn}/failed/*/${name}/*`,
        `\${ArchiveBucket.Arn}/parked/${name}/*`,
        `\${PayloadBucket.Arn}/results/*/${name}/*`,
      ].map((place) => ({ 'Fn::Sub': place }));
      expect(rights.filter((right) => right.startsWith('s3:'))).toEqual([`s3:PutObject ${JSON.stringify(places)}`]);
      expect(rights.some((right) => right.startsWith('sqs:SendMessage'))).toBe(lane.kind === 'standard');
    },
  );

  it('are there before who needs them, without a word: no resource says twice or emptily what it depends on', () => {
    for (const { DependsOn, Properties } of Object.values(template.Resources)) {
      expect(DependsOn).not.toEqual([]);
      const role = (Properties?.Role ?? Properties?.RoleArn)?.['Fn::GetAtt']?.[0];
      if (role) expect([DependsOn].flat()).not.toContain(role);
    }
  });

  it('let no function make a log group: each has its own in the template', () => {
    const functions = ofType(template, 'AWS::Lambda::Function').map(([id]) => id.replace(/LambdaFunction$/, ''));
    for (const id of functions) {
      expect(template.Resources).toHaveProperty(`${id}LogGroup`);
      const actions = rightsOf(template, `${id}IamRoleLambdaExecution`).map((right) => right.split(' ')[0]);
      expect(actions.filter((action) => action?.startsWith('logs:'))).toEqual([
        'logs:CreateLogStream',
        'logs:PutLogEvents',
      ]);
    }
  });

  it('let a consumer write jobs and nothing else of the table', () => {
    const rights = rightsOf(template, 'CsvDashimportIamRoleLambdaExecution').filter((right) =>
      right.startsWith('dynamodb:'),
    );
    expect(rights).toEqual(['dynamodb:UpdateItem [{"Fn::GetAtt":["JobsTable","Arn"]}]']);
  });
});
