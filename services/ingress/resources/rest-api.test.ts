import { LONGEST_WAIT_SECONDS } from '@spillway/shared/attempt/retry.ts';
import { JOB_ID } from '@spillway/shared/contracts/job-id.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { sampleType } from '@spillway/shared/testing/workbench.ts';
import { type LightRoute, lightFunctions } from './light-routes.ts';
import { openApi } from './openapi.ts';
import type { Parameter } from './operation-description.ts';
import type { LaneReference } from './provided-lanes.ts';
import { restApi } from './rest-api.ts';
import { shareResponses } from './shared-responses.ts';

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
    expect(gone.sort()).toEqual(['SampleBatchResource', 'SampleModel', 'SamplePost', 'SamplePut', 'SampleSubmitBatch']);
    const { paths } = openApi([laneOf({ retired: true })], routes);
    const ofJobs = Object.entries(paths).filter(([path]) => path.startsWith('/jobs/'));
    expect(ofJobs.flatMap(([, methods]) => Object.keys(methods as object))).toEqual(
      expect.not.arrayContaining(['post', 'put']),
    );
    expect(paths['/jobs/sample/{jobId}']).toHaveProperty('get');
  });

  /** A route that belongs to no job type. */
  const single = (path: string, scope?: LightRoute['scope']): LightRoute => ({
    functionName: 'api-list-failures',
    method: 'GET',
    path,
    ...(scope && { scope }),
    submits: false,
    operation: () => ({ summary: 'Lists.', answers: { 200: { description: 'A list.', schema: {} } }, problems: [] }),
  });

  it('guards a route of a tenant by scope and API key, and one of administrators by IAM alone', () => {
    const tenants = resourcesOf(laneOf(), [single('/failures', 'jobs/read')]).ListFailures?.Properties;
    expect(tenants).toMatchObject({ AuthorizationScopes: ['jobs/read'], ApiKeyRequired: true });
    const admins = resourcesOf(laneOf(), [single('/admin/failures')]);
    for (const id of ['ListFailures', 'ListFailuresHead']) {
      expect(admins[id]?.Properties).toMatchObject({
        ResourceId: { Ref: 'AdminFailuresResource' },
        AuthorizationType: 'AWS_IAM',
      });
      expect(admins[id]?.Properties).not.toHaveProperty('ApiKeyRequired');
    }
    expect(admins.AdminFailuresResource?.Properties).toMatchObject({ ParentId: { Ref: 'AdminResource' } });
  });

  it('answers another method of a path of no job type with 405, and describes its signature', () => {
    const route = single('/admin/failures/{name}');
    const unknown = JSON.stringify(resourcesOf(laneOf(), [route]).UnknownPut?.Properties);
    expect(unknown).toContain('^admin/failures/[^/]+$');
    const { paths } = openApi([laneOf()], [route]);
    const { get } = paths['/admin/failures/{name}'];
    expect([get.tags, get.security]).toEqual([['admin'], [{ signature: [] }]]);
    expect(get.responses[403].description).toContain('signature');
  });

  it('writes a response that several operations have only once', () => {
    const routes = [single('/admin/failures'), single('/admin/failures/{name}')];
    const { paths, components } = shareResponses(openApi([laneOf()], routes));
    const shared = components as { responses?: Record<string, { description: string }> };
    const { get } = paths['/admin/failures'] as { get: { responses: Record<string, unknown> } };
    expect(get.responses[403]).toEqual({ $ref: expect.stringMatching(/^#\/components\/responses\/Answer403/) });
    const texts = Object.values(shared.responses ?? {}).map((response) => JSON.stringify(response));
    expect(new Set(texts).size).toBe(texts.length);
  });

  it('has no route that accepts jobs for a retired job type', () => {
    const batch: LightRoute = { ...single('/jobs/{type}/batch', 'jobs/submit'), method: 'POST', submits: true };
    const named = { ...batch, functionName: 'api-submit-jobs-batch' };
    expect(resourcesOf(laneOf(), [named])).toHaveProperty('SampleSubmitBatch');
    const retired = resourcesOf(laneOf({ retired: true }), [...routes, named]);
    expect(Object.keys(retired).filter((id) => id.startsWith('Sample') && /Batch/.test(id))).toEqual([]);
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

  it.each([
    ['blank lines of a file', csvImport, 'post', /blank lines are skipped/],
    ['a long Retry-After', webhookDelivery, 'post', new RegExp(`for at most ${LONGEST_WAIT_SECONDS} seconds`)],
    ['another body under an id', csvImport, 'put', /Another body under that id changes nothing/],
  ] as const)('says in the API description how it treats %s, which no schema shows', (_, jobType, method, rule) => {
    const { paths } = openApi([{ ...laneOf(), jobType }], routes);
    const path = `/jobs/${jobType.name}${method === 'put' ? '/{jobId}' : ''}`;
    const { summary, description } = paths[path][method];
    expect(`${summary} ${description}`).toMatch(rule);
  });
});
