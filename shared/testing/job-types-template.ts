import type { JobType } from '../contracts/job-type.ts';
import { workflowKind } from '../contracts/run-kinds.ts';
import { jobTypesOf, pascalCase } from '../packaging/job-types.ts';
import { crashAlarmOf, describeLane, describeOrder } from './lane-template.ts';
import { rightsOf, type Template } from './package-service.ts';

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

  it(`an alarm goes off when the reader of the DLQs of ${service} keeps crashing for a quarter of an hour`, () => {
    expect(template.Resources.OnDeadLetterCrashAlarm?.Properties).toMatchObject(
      crashAlarmOf(service, 'on-dead-letter'),
    );
  });

  for (const jobType of jobTypes) {
    describeLane(template, jobType);
    if (jobType.lane.kind === 'ordered') describeOrder(template, jobType);
    describeConsumer(template, jobType);
    if (workflowKind(jobType)) describeWorkflow(template, jobType);
  }
}

function describeConsumer(template: Template, { name, lane }: JobType): void {
  const rights = ownRightsOf(template, name);

  it(`the consumer of ${name} may put objects only under its own keys`, () => {
    const [own = ''] = rights.filter((right) => right.startsWith('s3:PutObject ['));
    const keys = [`/failed/*/${name}/*"`, `/parked/${name}/*"`, `/results/*/${name}/*"`];
    expect(own.match(/\/[a-z]+\/[^"]*"/g)).toEqual(keys);
  });

  it(`the consumer of ${name} may send messages again only if its lane is not ordered`, () => {
    expect(rights.some((right) => right.startsWith('sqs:SendMessage'))).toBe(lane.kind === 'standard');
  });

  it(`the consumer of ${name} may update jobs in the jobs table and nothing else`, () => {
    const [first, ...others] = rights.filter((right) => /JobsTable|table\/spillway-solo-jobs/.test(right));
    expect(first).toMatch(/^dynamodb:UpdateItem /);
    expect(others).toEqual([]);
  });
}

function describeWorkflow(template: Template, jobType: JobType): void {
  const { name, timeoutSeconds } = jobType;
  const id = `${pascalCase(name)}Workflow`;
  const machine = template.Resources[id]?.Properties;
  const [definition, functions]: [string, Record<string, unknown>] = machine.DefinitionString['Fn::Sub'];

  it(`the workflow of ${name} has the type of its kind of run and times out before its job`, () => {
    expect(machine).toMatchObject({
      StateMachineType: workflowKind(jobType)?.type,
      StateMachineName: `spillway-solo-${name}`,
    });
    expect(JSON.parse(definition).TimeoutSeconds).toBeLessThan(timeoutSeconds);
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

  it(`the workflow of ${name} may invoke only the functions of its steps`, () => {
    const invoked = Object.values(functions).map((resource) => JSON.stringify(resource));
    const allowed = rightsOf(template, `${id}Role`).filter((right) => !/^(logs|xray):/.test(right));
    expect(allowed).toEqual([`lambda:InvokeFunction [${invoked.join(',')}]`]);
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
    expect(ownRightsOf(template, name).filter((right) => right.startsWith('states:'))).toEqual(
      workflowKind(jobType)?.consumerActions.map((action) => `${action} [{"Ref":"${id}"}]`),
    );
  });
}
