import { JOB_ID } from '@spillway/shared/contracts/job.ts';
import { sampleType } from '@spillway/shared/testing/workbench.ts';
import { lightFunctions } from './light-routes.ts';
import { openApi } from './openapi.ts';
import type { Parameter } from './operation-description.ts';
import type { LaneReference } from './provided-lanes.ts';
import { restApi } from './rest-api.ts';

const { routes } = lightFunctions(`${__dirname}/..`);
const laneOf = (changes: Parameters<typeof sampleType>[0] = {}): LaneReference => {
  const jobType = sampleType(changes);
  return { jobType, id: 'Sample', queueName: 'sample-lane', queueArn: 'arn:aws:sqs:eu-west-1:1:sample-lane' };
};
const resourcesOf = (lane: LaneReference, lightRoutes = routes) => restApi([lane], lightRoutes).Resources ?? {};
const deploymentOf = (lane: LaneReference, lightRoutes = routes) =>
  Object.keys(resourcesOf(lane, lightRoutes)).find((id) => id.startsWith('Deployment'));

describe('the REST API', () => {
  it('deploys the REST API again if, and only if, a route, a model or a template changes', () => {
    const before = deploymentOf(laneOf());
    expect(deploymentOf(laneOf())).toBe(before);
    const { input } = sampleType();
    const changed = [
      deploymentOf(laneOf({ summary: 'Described in other words.' })),
      deploymentOf(laneOf({ lane: { kind: 'ordered', orderKey: 'key' } })),
      deploymentOf(laneOf({ run: 'express', timeoutSeconds: 10 })),
      deploymentOf(laneOf({ retired: true })),
      deploymentOf({ ...laneOf(), queueName: 'another-lane' }),
      deploymentOf(laneOf({ input, example: { input: { key: 'k', n: 2 }, result: { n: 1 } } })),
      deploymentOf(laneOf(), routes.slice(1)),
    ];
    expect(new Set([before, ...changed]).size).toBe(changed.length + 1);
  });

  it('has no submit routes for a retired job type, but keeps those that read its jobs', () => {
    const active = Object.keys(resourcesOf(laneOf()));
    const retired = Object.keys(resourcesOf(laneOf({ retired: true })));
    const gone = active.filter((id) => !retired.includes(id) && !id.startsWith('Deployment'));
    expect(gone.sort()).toEqual(['SampleModel', 'SamplePost', 'SamplePut']);
    const { paths } = openApi([laneOf({ retired: true })], routes);
    expect(Object.values(paths).flatMap((path) => Object.keys(path as object))).toEqual(
      expect.not.arrayContaining(['post', 'put']),
    );
    expect(paths['/jobs/sample/{jobId}']).toHaveProperty('get');
  });

  it('gives the front door no permission to send to the lane of a retired job type', () => {
    const policyOf = (lanes: LaneReference[]) => JSON.stringify(restApi(lanes, routes).Resources?.SubmitRole);
    const other = { ...laneOf({ name: 'other', retired: true }), id: 'Other', queueArn: 'other-arn' };
    expect(policyOf([laneOf(), other])).not.toContain('other-arn');
  });

  it('refuses a job type whose resources would have the names of others', () => {
    const root = { ...laneOf({ name: 'root' }), id: 'Root' };
    expect(() => restApi([root], routes)).toThrow('the API has two resources named RootPost: use another name');
  });

  it('shows the pattern of a job id in the API description, and none for a trace context, which is ignored if it is invalid', () => {
    const { paths } = openApi([laneOf()], routes);
    const [jobId] = paths['/jobs/sample/{jobId}'].parameters;
    const traceparent = paths['/jobs/sample'].post.parameters.find(({ name }: Parameter) => name === 'traceparent');
    expect([jobId.schema, traceparent.schema]).toEqual([
      { type: 'string', pattern: JOB_ID.source },
      { type: 'string' },
    ]);
    expect(traceparent.description).toContain('ignored');
  });

  it('describes every header of a submit in the API description', () => {
    const { paths } = openApi([laneOf()], routes);
    for (const operation of [paths['/jobs/sample'].post, paths['/jobs/sample/{jobId}'].put]) {
      expect(operation.parameters).toContainEqual(
        expect.objectContaining({ name: 'traceparent', in: 'header', description: expect.any(String) }),
      );
    }
  });
});
