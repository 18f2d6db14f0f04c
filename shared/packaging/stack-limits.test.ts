import { stackProblem } from './stack-limits.ts';

const queues = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`R${n}`, { Type: 'AWS::SQS::Queue' }]));
const named = (FunctionName: string) => ({ F: { Type: 'AWS::Lambda::Function', Properties: { FunctionName } } });
const bucket = (BucketName: string) => ({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } });

describe('the limits of a stack', () => {
  it('accepts a stack that is exactly at the limits of AWS', () => {
    const template = { Resources: { ...queues(499), ...named('x'.repeat(64)) }, Outputs: queues(200) };
    expect(stackProblem(template)).toBeUndefined();
  });

  it.each([
    ['too many resources', { Resources: queues(501) }, '501 resources, but AWS allows 500'],
    ['too many outputs', { Resources: {}, Outputs: queues(201) }, '201 outputs'],
    ['a template that is too long', { Resources: {}, Outputs: { O: 'x'.repeat(1_048_576) } }, 'AWS allows 1 MiB'],
    ['a function name that is too long', { Resources: named('x'.repeat(65)) }, 'use a shorter name for the stage'],
    ['a bucket name that is too long', { Resources: bucket('x'.repeat(64)) }, '64 characters, but AWS allows 63'],
    ['a bucket name that S3 refuses', { Resources: bucket('spillway-Prod-lake') }, 'only lower-case letters'],
  ])('refuses a stack with %s and says what to do', (_, template, problem) => {
    expect(stackProblem(template)).toContain(problem);
  });
});
