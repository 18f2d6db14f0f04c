import type { JobType } from '../contracts/job-type.ts';
import { goesOnAlone, RUN_KINDS, workflowKind } from '../contracts/run-kinds.ts';
import { DEAD_LETTER_READER } from '../packaging/consumers.ts';
import { jobTypesOf, pascalCase } from '../packaging/job-types.ts';
import { describeLane, describeOrder, functionAlarmOf } from './lane-template.ts';
import { functionId, ofType, ownRightsOf, rightsOf, type Template } from './package-service.ts';
import { describeEnds, describeWorkflow } from './workflow-template.ts';

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
