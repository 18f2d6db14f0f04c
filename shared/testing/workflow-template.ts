import type { JobType } from '../contracts/job-type.ts';
import { workflowTimeoutSeconds } from '../contracts/lane.ts';
import { workflowKind } from '../contracts/run-kinds.ts';
import { pascalCase } from '../packaging/job-types.ts';
import { functionId, ofType, ownRightsOf, rightsOf, type Template } from './package-service.ts';

/** Tests of the workflow of a job type in a compiled template. */
export function describeWorkflow(template: Template, jobType: JobType): void {
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

/** Tests of how the ends of a durable job type's executions reach its consumer. */
export function describeEnds(template: Template, service: string, { name }: JobType): void {
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
