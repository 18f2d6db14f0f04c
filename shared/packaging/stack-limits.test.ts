import { stackProblem } from './stack-limits.ts';

const queues = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`R${n}`, { Type: 'AWS::SQS::Queue' }]));
const named = (FunctionName: string) => ({ F: { Type: 'AWS::Lambda::Function', Properties: { FunctionName } } });
const bucket = (BucketName: string) => ({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } });
/** The queues of job types with long names, and a role that may send to all of them. */
const laneRole = (jobTypes: number) => {
  const ids = Array.from({ length: jobTypes }, (_, n) => `Lane${n}`);
  const lanes = ids.map((id) => [
    id,
    { Type: 'AWS::SQS::Queue', Properties: { QueueName: `spillway-prod-${id.padEnd(40, 'x')}-dlq.fifo` } },
  ]);
  const Statement = [
    { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: ids.map((id) => ({ 'Fn::GetAtt': [id, 'Arn'] })) },
  ];
  const role = { Type: 'AWS::IAM::Role', Properties: { Policies: [{ PolicyDocument: { Statement } }] } };
  return { ...Object.fromEntries(lanes), Role: role };
};

describe('the limits of a stack', () => {
  it('accepts a stack that is exactly at the limits of AWS', () => {
    const template = { Resources: { ...queues(499), ...named('x'.repeat(64)) }, Outputs: queues(200) };
    expect(stackProblem({ Resources: laneRole(90) })).toBeUndefined();
    expect(stackProblem(template)).toBeUndefined();
  });

  it.each([
    ['too many resources', { Resources: queues(501) }, '501 resources, but AWS allows 500'],
    ['too many outputs', { Resources: {}, Outputs: queues(201) }, '201 outputs'],
    ['a template that is too long', { Resources: {}, Outputs: { O: 'x'.repeat(1_048_576) } }, 'AWS allows 1 MiB'],
    ['a function name that is too long', { Resources: named('x'.repeat(65)) }, 'use a shorter name for the stage'],
    ['a bucket name that is too long', { Resources: bucket('x'.repeat(64)) }, '64 characters, but AWS allows 63'],
    ['a role with policies that are too long', { Resources: laneRole(100) }, 'the role Role have about 1'],
    ['a bucket name that S3 refuses', { Resources: bucket('spillway-Prod-lake') }, 'only lower-case letters'],
  ])('refuses a stack with %s and says what to do', (_, template, problem) => {
    expect(stackProblem(template)).toContain(problem);
  });
});
