import type { JobType } from '../contracts/job-type.ts';
import { workflowTimeoutSeconds } from '../contracts/lane.ts';
import { goesOnAlone, RUN_KINDS, workflowKind } from '../contracts/run-kinds.ts';
import { DEAD_LETTER_READER } from '../packaging/consumers.ts';
import { jobTypesOf, pascalCase } from '../packaging/job-types.ts';
import { describeLane, describeOrder, functionAlarmOf } from './lane-template.ts';
import { ofType, rightsOf, type Template } from './package-service.ts';

/** The framework's logical id of a function. */
export const functionId = (name: string) => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', 'Dash');

/** The permissions of a function, except those to write logs and traces. */
export const ownRightsOf = (template: Template, name: string) =>
  rightsOf(template, `${functionId(name)}IamRoleLambdaExecution`).filter((right) => !/^(logs|xray):/.test(right));

/** Tests of a service's job types in its compiled template. */
export function describeJobTypes(template: Template, service: string): void {
  const jobTypes = jobTypesOf(service);
  // nobody reads dead letters where there are none
  if (jobTypes.length === 0) return;

  describeDeadLetterReader(template, service, jobTypes);

  it.each([
    ['a lane gave up on a message', 'DeadLetters', 'DeadLetters', 1],
    ['a message was parked', 'JobsParked', 'Parked', 1],
    ['a consumer cannot handle messages for a quarter of an hour', 'JobsBroke', 'Broke', 3],
  ])(`an alarm of ${service} goes off when %s, by the metric that its functions write`, (_, id, metric, periods) => {
    const { Variables } = deadLetterReaderIn(template).Environment;
    expect(template.Resources[`${id}Alarm`]?.Properties).toMatchObject({
      Namespace: 'Spillway/solo',
      MetricName: metric,
      Dimensions: [{ Name: 'service', Value: Variables.POWERTOOLS_SERVICE_NAME }],
      EvaluationPeriods: periods,
      AlarmActions: [expect.anything()],
    });
  });

  it(`Lambda does not stop messages of ${service} that are sent again as a recursive loop`, () => {
    const names = [DEAD_LETTER_READER, ...jobTypes.map(({ name }) => name)];
    for (const id of [...names.map((name) => `${functionId(name)}LambdaFunction`), ...resending(template)]) {
      expect([id, template.Resources[id]?.Properties.RecursiveLoop]).toEqual([id, 'Allow']);
    }
  });

  for (const jobType of jobTypes) {
    describeLane(template, jobType);
    if (jobType.lane.kind === 'ordered') describeOrder(template, jobType);
    describeConsumer(template, jobType);
    if (workflowKind(jobType)) describeWorkflow(template, jobType);
    if (goesOnAlone(jobType)) describeEnds(template, service, jobType);
  }
}

/** The functions that a queue triggers and that may send to queues, so that a message can pass through them again. */
const resending = (template: Template): string[] =>
  ofType(template, 'AWS::Lambda::EventSourceMapping').flatMap(([id, { Properties }]) => {
    const lambda: string = Properties.FunctionName['Fn::GetAtt'][0];
    const rights = rightsOf(template, lambda.replace(/LambdaFunction$/, 'IamRoleLambdaExecution'));
    const fromQueue = id.includes('EventSourceMappingSQS');
    return fromQueue && rights.some((right) => right.startsWith('sqs:SendMessage')) ? [lambda] : [];
  });

const deadLetterReaderIn = ({ Resources }: Template) =>
  Resources[`${functionId(DEAD_LETTER_READER)}LambdaFunction`]?.Properties;

function describeDeadLetterReader(template: Template, service: string, jobTypes: readonly JobType[]): void {
  const deadLetters = jobTypes.map(({ name }) => `${pascalCase(name)}DeadLetters`);

  it(`an alarm goes off when the reader of the DLQs of ${service} crashes or does not start, and another one when it is throttled`, () => {
    expect(template.Resources.TickDeadLettersThrottledAlarm?.Properties).toMatchObject({
      ...functionAlarmOf(service, DEAD_LETTER_READER, 'Throttles'),
      TreatMissingData: 'notBreaching',
      AlarmActions: [expect.anything()],
    });
    expect(template.Resources.TickDeadLettersAlarm?.Properties).toMatchObject({
      // a run that was not started reports no errors, but nothing at all
      ...functionAlarmOf(service, DEAD_LETTER_READER, 'Errors'),
      TreatMissingData: 'breaching',
      AlarmActions: [expect.anything()],
    });
  });

  it(`the DLQs of ${service} are read at least once in each period of an alarm, and no event source polls them`, () => {
    const [rule, ...others] = ofType(template, 'AWS::Events::Rule').filter(([, { Properties }]) =>
      JSON.stringify(Properties.Targets).includes(functionId(DEAD_LETTER_READER)),
    );
    expect(others).toEqual([]);
    expect(rule?.[1].Properties).toMatchObject({ ScheduleExpression: 'rate(4 minutes)', State: 'ENABLED' });
    const polled = ofType(template, 'AWS::Lambda::EventSourceMapping').map(([, { Properties }]) =>
      JSON.stringify(Properties.EventSourceArn),
    );
    expect(polled.filter((arn) => deadLetters.some((id) => arn.includes(id)))).toEqual([]);
  });

  it(`the reader of the DLQs of ${service} ends before its messages are visible again, and both before its next run`, () => {
    const { Timeout } = deadLetterReaderIn(template);
    for (const id of deadLetters) {
      const { VisibilityTimeout } = template.Resources[id]?.Properties ?? {};
      expect(Timeout).toBeLessThan(VisibilityTimeout);
      expect(VisibilityTimeout).toBeLessThan(4 * 60);
    }
  });

  it(`the reader of the DLQs of ${service} knows each of them, and may take messages from no other queue`, () => {
    const queues = deadLetters.map((id) => template.Resources[id]?.Properties.QueueName);
    const { DEAD_LETTER_QUEUES } = deadLetterReaderIn(template).Environment.Variables;
    expect(DEAD_LETTER_QUEUES.split(',')).toEqual(queues.map((name) => `arn:aws:sqs:eu-west-1:000000000000:${name}`));
    const takes = ownRightsOf(template, DEAD_LETTER_READER).filter((right) => /^sqs:(Receive|Delete)/.test(right));
    const all = JSON.stringify(deadLetters.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })));
    expect(takes).toEqual([`sqs:ReceiveMessage ${all}`, `sqs:DeleteMessage ${all}`]);
  });
}

function describeConsumer(template: Template, jobType: JobType): void {
  const { name, lane } = jobType;
  const rights = ownRightsOf(template, name);

  it(`the consumer of ${name} may put objects only under its own keys`, () => {
    const own = rights.filter((right) => right.startsWith('s3:PutObject ['));
    const keys = [
      `/failed/*/${name}/*"`,
      `/parked/${name}/*"`,
      `/scheduled/*/${name}/*"`,
      `/results/*/${name}/*"`,
      ...(goesOnAlone(jobType) ? [`/started/*/${name}/*"`] : []),
    ];
    expect(own.flatMap((right) => right.match(/\/[a-z]+\/[^"]*"/g))).toEqual(keys);
  });

  // jobs of the platform work on rows and lanes; the template tests of their service list what they may do
  if (jobType.submittedBy === 'platform') return;

  it(`the consumer of ${name} may send messages again only if its lane is not ordered`, () => {
    const queues = rights.filter(
      (right) => right.startsWith('sqs:SendMessage') && !/LostEnds|spillway-solo-due"/.test(right),
    );
    expect(queues).toHaveLength(lane.kind === 'standard' ? 1 : 0);
  });

  it(`the consumer of ${name} may update jobs in the jobs table, and read them only to stop one that was cancelled`, () => {
    const own = rights.filter((right) => /JobsTable|table\/spillway-solo-jobs/.test(right));
    expect(own.map((right) => right.split(' ')[0])).toEqual([
      'dynamodb:UpdateItem',
      ...(RUN_KINDS[jobType.run].cancel === 'signal' ? ['dynamodb:GetItem'] : []),
    ]);
  });
}

function describeWorkflow(template: Template, jobType: JobType): void {
  const { name } = jobType;
  const id = `${pascalCase(name)}Workflow`;
  const machine = template.Resources[id]?.Properties;
  const [definition, functions]: [string, Record<string, unknown>] = machine.DefinitionString['Fn::Sub'];

  it(`the workflow of ${name} has the type of its kind of run and times out in time for its job`, () => {
    expect(machine).toMatchObject({
      StateMachineType: workflowKind(jobType)?.type,
      StateMachineName: `spillway-solo-${name}`,
    });
    expect(JSON.parse(definition).TimeoutSeconds).toBe(workflowTimeoutSeconds(jobType));
  });

  it(`the workflow of ${name} is traced, and logs failures without the client’s input`, () => {
    expect(machine.TracingConfiguration).toEqual({ Enabled: true });
    expect(machine.LoggingConfiguration).toEqual({
      Level: 'ERROR',
      IncludeExecutionData: false,
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: { 'Fn::GetAtt': [`${id}Logs`, 'Arn'] } } }],
    });
    expect(template.Resources[`${id}Logs`]?.Properties).toMatchObject({ RetentionInDays: 30 });
  });

  it(`the workflow of ${name} may invoke only the functions of its steps, and start only its own executions`, () => {
    const invoked = Object.values(functions).map((resource) => JSON.stringify(resource));
    const allowed = rightsOf(template, `${id}Role`).filter((right) => !/^(logs|xray):/.test(right));
    const maps = definition.includes('"DISTRIBUTED"') ? mapRights(name) : [];
    expect(allowed).toEqual([`lambda:InvokeFunction [${invoked.join(',')}]`, ...maps]);
  });

  it(`the role of the workflow of ${name} can be used only by state machines of this account`, () => {
    const [trust] = template.Resources[`${id}Role`]?.Properties.AssumeRolePolicyDocument.Statement ?? [];
    expect(trust.Condition).toEqual({ StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } });
  });

  it(`the consumer of ${name} has the ARN of its workflow and may start no other`, () => {
    const consumer = template.Resources[`${functionId(name)}LambdaFunction`]?.Properties;
    expect(consumer.Environment.Variables.WORKFLOW_ARN).toBe(
      `arn:aws:states:eu-west-1:000000000000:stateMachine:spillway-solo-${name}`,
    );
    const { consumerActions = [], executionActions = [] } = workflowKind(jobType) ?? {};
    const executions = `arn:aws:states:eu-west-1:000000000000:execution:spillway-solo-${name}:*`;
    expect(ownRightsOf(template, name).filter((right) => right.startsWith('states:'))).toEqual([
      ...consumerActions.map((action) => `${action} [{"Ref":"${id}"}]`),
      ...executionActions.map((action) => `${action} "${executions}"`),
      ...(jobType.awaitsDecision ? ['states:SendTaskSuccess ["*"]', 'states:SendTaskFailure ["*"]'] : []),
    ]);
  });
}

function describeEnds(template: Template, service: string, { name }: JobType): void {
  const machine = `arn:aws:states:eu-west-1:000000000000:stateMachine:spillway-solo-${name}`;
  const [rule] = ofType(template, 'AWS::Events::Rule').flatMap(([, { Properties }]) =>
    (JSON.stringify(Properties.EventPattern) ?? '').includes(`"${machine}"`) ? [Properties] : [],
  );

  it(`the consumer of ${name} gets every end of its own workflow, and EventBridge tries for a day`, () => {
    expect(rule?.EventPattern).toEqual({
      source: ['aws.states'],
      'detail-type': ['Step Functions Execution Status Change'],
      detail: { status: ['SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED'], stateMachineArn: [machine] },
    });
    expect(rule?.Targets).toMatchObject([
      {
        Arn: { 'Fn::GetAtt': [`${functionId(name)}LambdaFunction`, 'Arn'] },
        RetryPolicy: { MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 },
        DeadLetterConfig: { Arn: { 'Fn::GetAtt': ['LostEnds', 'Arn'] } },
      },
    ]);
  });

  it(`an end of a workflow of ${name} that its consumer could not handle is kept, with an alarm`, () => {
    expect(template.Resources[`${functionId(name)}LambdaEvConf`]?.Properties.DestinationConfig).toEqual({
      OnFailure: { Destination: { 'Fn::GetAtt': ['LostEnds', 'Arn'] } },
    });
    expect(template.Resources.LostEndsAlarm?.Properties).toMatchObject({
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [{ Name: 'QueueName', Value: `spillway-solo-${service}-lost-ends` }],
      AlarmActions: [expect.anything()],
    });
  });

  it(`only the rules of ${service} may send to the queue of lost ends`, () => {
    const statements = template.Resources.LostEndsPolicy?.Properties.PolicyDocument.Statement;
    expect(statements).toMatchObject([
      { Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } },
      {
        Effect: 'Allow',
        Principal: { Service: 'events.amazonaws.com' },
        Action: 'sqs:SendMessage',
        Condition: { ArnLike: { 'aws:SourceArn': { 'Fn::Sub': expect.stringContaining(`rule/${service}-solo-*`) } } },
      },
    ]);
  });
}

/** What the machine of a Distributed Map may do besides. */
function mapRights(name: string): string[] {
  const arn = 'arn:aws:states:eu-west-1:000000000000';
  const executions = `["${arn}:execution:spillway-solo-${name}:*","${arn}:execution:spillway-solo-${name}/*"]`;
  return [
    `states:StartExecution ["${arn}:stateMachine:spillway-solo-${name}"]`,
    `states:DescribeExecution ${executions}`,
    `states:StopExecution ${executions}`,
    `s3:GetObject ["arn:aws:s3:::spillway-solo-payloads-000000000000-eu-west-1/steps/*/${name}/*"]`,
  ];
}
