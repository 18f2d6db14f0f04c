import { request, submit, waitForOutcome } from './deployed.ts';
import { GUIDED } from './guide-files.ts';

describe.each(GUIDED)('the job type %s of docs/add-a-job-type.md', (type) => {
  it(`${type} of docs/add-a-job-type.md runs its example`, async () => {
    const { status, body } = await submit(type, { text: 'to be or not to be' });
    expect(status).toBe(202);
    expect(await waitForOutcome(type, body.jobId)).toMatchObject({
      status: 'SUCCEEDED',
      attempts: 1,
      result: { words: 6 },
    });
  });

  it(`${type} of docs/add-a-job-type.md is checked by the front door and is in the API description`, async () => {
    const { status, body } = await submit(type, {});
    expect([status, body.detail]).toEqual([400, expect.stringContaining('text')]);
    const description = await request<{ paths: object }>('/openapi.json');
    expect(description.body.paths).toHaveProperty([`/jobs/${type}`, 'post']);
  });
});
