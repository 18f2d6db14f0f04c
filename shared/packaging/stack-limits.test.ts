import { stackProblem } from './stack-limits.ts';

const queues = (count: number) =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`R${n}`, { Type: 'AWS::SQS::Queue' }]));
const named = (FunctionName: string) => ({ F: { Type: 'AWS::Lambda::Function', Properties: { FunctionName } } });
const bucket = (BucketName: string) => ({ B: { Type: 'AWS::S3::Bucket', Properties: { BucketName } } });

describe('the limits of a stack', () => {
  it('a stack is packaged up to the limits of AWS', () => {
    const template = { Resources: { ...queues(499), ...named('x'.repeat(64)) }, Outputs: queues(200) };
    expect(stackProblem(template)).toBeUndefined();
  });

  it.each([
    ['too many resources', { Resources: queues(501) }, '501 resources and AWS takes 500'],
    ['too many outputs', { Resources: {}, Outputs: queues(201) }, '201 outputs'],
    ['too long a template', { Resources: {}, Outputs: { O: 'x'.repeat(1_048_576) } }, 'AWS takes 1 MiB'],
    ['too long a function name', { Resources: named('x'.repeat(65)) }, 'shorten the stage'],
    ['too long a bucket name', { Resources: bucket('x'.repeat(64)) }, '64 characters and AWS takes 63'],
    ['a bucket name that S3 refuses', { Resources: bucket('spillway-Prod-lake') }, 'in lower case'],
  ])('a stack with %s is refused with what to do', (_, template, problem) => {
    expect(stackProblem(template)).toContain(problem);
  });
});
