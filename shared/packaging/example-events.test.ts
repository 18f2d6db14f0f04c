import type { SQSEvent, SQSRecord } from 'aws-lambda';
import { parse, readSubmission } from '../attempt/parse.ts';
import type { Submission } from '../attempt/submission.ts';
import { fit } from '../contracts/job-type.ts';
import { laneName } from '../contracts/lane.ts';
import { messageOf } from '../runtime/lane/messages.ts';
import { exampleEvent, messageTo } from './example-events.ts';
import { loadJobTypes } from './job-types.ts';

const where = { stage: 'dev', region: 'eu-west-1', accountId: '000000000000' };

describe('example events', () => {
  it.each(loadJobTypes().map((jobType) => [jobType.name, jobType] as const))(
    'the example event of %s is a message that its consumer accepts as a job',
    (name, jobType) => {
      const event = exampleEvent(jobType.service, name, where) as SQSEvent;
      const [record] = event.Records;
      expect(record?.eventSourceARN).toBe(`arn:aws:sqs:eu-west-1:000000000000:${laneName(jobType, 'dev')}`);
      const message = messageOf(record as SQSRecord);
      const submission = readSubmission(message, name) as Submission;
      expect(submission).toMatchObject({ tenant: expect.any(String) });
      expect(parse(message, submission, jobType)).toMatchObject({ kind: 'job' });
    },
  );

  it('each example message is a new job, so that every invocation runs one', () => {
    const [jobType] = loadJobTypes();
    if (!jobType) throw new Error('there is no job type');
    const ids = [1, 2].map(() => messageTo('lane', jobType, where).Records[0]?.messageId);
    expect(ids[0]).not.toBe(ids[1]);
  });

  it('the example event of a workflow’s step is the input of the contract’s example', () => {
    const [jobType] = loadJobTypes().filter(({ name }) => name === 'order-fulfilment');
    const event = exampleEvent('processing', 'order-fulfilment-charge', where) as { input: unknown; job: object };
    expect(jobType && fit(jobType.input, event.input).success).toBe(true);
    expect(event.job).toMatchObject({ type: 'order-fulfilment', attempt: 1 });
  });

  it('the example event of the reader of dead letters is that of a schedule', () => {
    expect(exampleEvent('processing', 'tick-dead-letters', where)).toMatchObject({ 'detail-type': 'Scheduled Event' });
  });

  it('the example event of a light function is a request of a tenant to its route', () => {
    const [jobType] = loadJobTypes();
    expect(exampleEvent('ingress', 'api-get-job', where)).toMatchObject({
      httpMethod: 'GET',
      resource: `/jobs/${jobType?.name}/{jobId}`,
      pathParameters: { jobId: 'example-1' },
      requestContext: {
        path: `/dev/jobs/${jobType?.name}/example-1`,
        authorizer: { claims: { sub: expect.any(String) } },
      },
    });
    expect(exampleEvent('ingress', 'api-list-jobs', where)).toMatchObject({ pathParameters: null });
  });

  it('the example event of any other function is the event.json beside its handler', () => {
    expect(exampleEvent('streams', 'on-job-changed', where)).toHaveProperty('Records');
  });

  it('a function that does not exist has no example event', () => {
    expect(exampleEvent('streams', 'nobody', where)).toBeUndefined();
  });
});
