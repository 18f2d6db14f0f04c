import { request, submit, waitForOutcome } from './deployed.ts';
import { guidedJobTypes, readGuide } from './guide-steps.ts';

interface Description {
  paths: Record<string, { post: { requestBody: { content: { 'application/json': { example: unknown } } } } }>;
}

describe.each(guidedJobTypes(readGuide()))('the job type %s of docs/add-a-job-type.md', (type) => {
  it(`${type} of docs/add-a-job-type.md is in the API description, and runs its example at the first attempt`, async () => {
    const description = await request<Description>('/openapi.json');
    const { example } = description.body.paths[`/jobs/${type}`]?.post.requestBody.content['application/json'] ?? {};
    const { status, body } = await submit(type, example);
    expect(status).toBe(202);
    expect(await waitForOutcome(type, body.jobId)).toMatchObject({
      status: 'SUCCEEDED',
      attempts: 1,
      result: expect.anything(),
    });
  });

  it(`${type} of docs/add-a-job-type.md refuses an input that does not fit its contract`, async () => {
    const { status, body } = await submit(type, {});
    expect([status, body.detail]).toEqual([400, expect.any(String)]);
  });
});
