import { MAXIMUM_MESSAGE_BYTES } from '@spillway/shared/contracts/run-kinds.ts';
import { loadJobTypes, pascalCase } from '@spillway/shared/packaging/job-types.ts';
import { ofType, packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';
import { render } from 'velocityjs';

const template = packageService('ingress');
const types = loadJobTypes();

describe.each(types.map(({ name }) => name))('the routes of %s', (name) => {
  const id = pascalCase(name);

  it.each(['Post', 'Put'])('submit by %s straight to the lane, with scope, key, model and validator', (verb) => {
    const method = template.Resources[`${id}${verb}`]?.Properties;
    expect(method).toMatchObject({
      AuthorizationType: 'COGNITO_USER_POOLS',
      AuthorizationScopes: ['jobs/submit'],
      ApiKeyRequired: true,
      RequestValidatorId: { Ref: 'BodyValidator' },
      RequestModels: { 'application/json': { Ref: `${id}Model` } },
      Integration: { Type: 'AWS', PassthroughBehavior: 'NEVER' },
    });
    expect(JSON.stringify(method.Integration.Uri)).toContain(`:sqs:path/\${AWS::AccountId}/spillway-solo-${name}`);
    expect(
      method.Integration.IntegrationResponses.map((each: { SelectionPattern?: string }) => each.SelectionPattern),
    ).toEqual(['200', undefined]);
  });

  it.each(['Get', 'List'])('read by %s with the scope for reading', (verb) => {
    expect(template.Resources[`${id}${verb}`]?.Properties).toMatchObject({
      AuthorizationScopes: ['jobs/read'],
      ApiKeyRequired: true,
    });
  });

  it('have a model of draft 4 without what API Gateway refuses', () => {
    const schema = JSON.stringify(template.Resources[`${id}Model`]?.Properties.Schema);
    expect(schema).toContain('draft-04');
    expect(schema).not.toMatch(/"(\$id|default|examples?|const)":/);
  });
});

/** The SQS call that a compiled request template makes of a request. */
function callOf(methodId: string, request: { body: Record<string, unknown>; jobId?: string }): URLSearchParams {
  const source = template.Resources[methodId]?.Properties.Integration.RequestTemplates['application/json'];
  const context = {
    input: {
      body: JSON.stringify(request.body),
      path: (path: string) => request.body[path.slice('$.'.length)],
      params: (name: string) => (name === 'jobId' ? request.jobId : ''),
    },
    util: { urlEncode: encodeURIComponent },
    context: { authorizer: { claims: { sub: 'tenant-1' } }, requestId: 'request-1', requestTimeEpoch: 1790000000000 },
  };
  // Velocity's strings are Java's
  const matches = {
    uid: 'matches',
    match: ({ property }: { property: string }) => property === 'matches',
    resolve: ({ context: text, params: [pattern] }: { context: string; params: string[] }) =>
      new RegExp(`^(?:${pattern})$`).test(text),
  };
  return new URLSearchParams(render(source, context, {}, { customMethodHandlers: [matches] }));
}

describe.each(types.filter(({ lane }) => lane.kind === 'ordered').map((jobType) => [jobType.name, jobType] as const))(
  'a submit to the ordered lane of %s',
  (_, { name, lane, example }) => {
    const id = pascalCase(name);
    const body = example.input as Record<string, unknown>;
    const orderKey = lane.kind === 'ordered' ? lane.orderKey : '';

    it('joins the group of its tenant and order key', () => {
      for (const call of [callOf(`${id}Post`, { body }), callOf(`${id}Put`, { body, jobId: 'mine' })]) {
        expect(call.get('MessageGroupId')).toBe(`tenant-1.${body[orderKey]}`);
        expect(call.get('MessageBody')).toBe(JSON.stringify(body));
      }
    });

    it('by POST is a job of its own each time; by PUT the tenant’s job of that id', () => {
      expect(callOf(`${id}Post`, { body }).get('MessageDeduplicationId')).toBe('request-1');
      expect(callOf(`${id}Put`, { body, jobId: 'mine' }).get('MessageDeduplicationId')).toBe('tenant-1.mine');
    });

    it('with an id that no deduplication id may hold is let through, to fail with the reason', () => {
      const call = callOf(`${id}Put`, { body, jobId: 'no spaces' });
      expect(call.get('MessageDeduplicationId')).toBe('request-1');
      expect(call.get('MessageAttribute.5.Value.StringValue')).toBe('no spaces');
    });

    it('with a key that fits no group is refused by the model, which names the field', () => {
      const schema = template.Resources[`${id}Model`]?.Properties.Schema;
      expect(schema.required).toContain(orderKey);
      const { type, pattern } = schema.properties[orderKey];
      expect([type, pattern]).toEqual(['string', `(${orderKey}){0}^[A-Za-z0-9_-]{1,64}$`]);
      for (const key of ['my key', 'x'.repeat(65), '#', '', 'é']) expect(key).not.toMatch(new RegExp(pattern));
      for (const key of [body[orderKey], 'x'.repeat(64)]) expect(key).toMatch(new RegExp(pattern));
    });
  },
);

describe('a submit to a standard lane', () => {
  it('joins the group of its tenant, so that none waits for another, and is not deduplicated', () => {
    for (const { name, example } of types.filter(({ lane }) => lane.kind === 'standard')) {
      const call = callOf(`${pascalCase(name)}Put`, { body: example.input as Record<string, unknown>, jobId: 'mine' });
      expect([call.get('MessageGroupId'), call.get('MessageDeduplicationId')]).toEqual(['tenant-1', null]);
    }
  });
});

describe('the front door', () => {
  it('may send to the lanes and to nothing else', () => {
    expect(rightsOf(template, 'SubmitRole')).toHaveLength(1);
    const [statement] = template.Resources.SubmitRole?.Properties.Policies[0].PolicyDocument.Statement ?? [];
    expect(statement.Action).toBe('sqs:SendMessage');
    expect(statement.Resource).toHaveLength(types.length);
  });

  it('is deployed only when all its methods and answers are there', () => {
    const [, deployment] = ofType(template, 'AWS::ApiGateway::Deployment')[0] ?? [];
    const methods = ofType(template, 'AWS::ApiGateway::Method').map(([id]) => id);
    const answers = ofType(template, 'AWS::ApiGateway::GatewayResponse').map(([id]) => id);
    expect(deployment?.DependsOn).toEqual(expect.arrayContaining([...methods, ...answers]));
  });

  it('refuses in problem documents, and says when to come back', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::ApiGateway::GatewayResponse')) {
      expect(Properties.ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
      if (['429', '503'].includes(Properties.StatusCode)) {
        expect(Properties.ResponseParameters).toHaveProperty(['gatewayresponse.header.Retry-After']);
      }
    }
  });

  it('refuses each kind of request that API Gateway tells apart, in JSON, and repeats no token', () => {
    const answers = ofType(template, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    expect(answers.map(({ ResponseType }) => ResponseType)).toEqual(
      expect.arrayContaining([
        'UNAUTHORIZED',
        'INVALID_API_KEY',
        'THROTTLED',
        'QUOTA_EXCEEDED',
        'DEFAULT_4XX',
        'DEFAULT_5XX',
      ]),
    );
    for (const { ResponseTemplates, StatusCode } of answers) {
      const filled = ResponseTemplates['application/json'].replace(/\$context\.[A-Za-z.]+/g, 'x');
      expect(JSON.parse(filled)).toMatchObject({ type: 'about:blank', title: expect.any(String) });
      expect(JSON.parse(filled).status).toBe(StatusCode && Number(StatusCode));
      expect(filled).not.toContain('messageString');
    }
  });

  it('says of what is not there that it is not there, whatever AWS takes the token for', () => {
    const answers = ofType(template, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    for (const kind of ['MISSING_AUTHENTICATION_TOKEN', 'INVALID_SIGNATURE', 'RESOURCE_NOT_FOUND']) {
      expect(answers.find(({ ResponseType }) => ResponseType === kind)?.StatusCode).toBe('404');
    }
  });

  it('states the longest message that a lane takes where the gateway itself refuses one', () => {
    const { Properties } = template.Resources.RequestTooLargeProblem ?? {};
    expect(Properties.ResponseTemplates['application/json']).toContain(` ${MAXIMUM_MESSAGE_BYTES} bytes`);
  });

  it('logs who asked, and never a body', () => {
    expect(template.Resources.Stage?.DependsOn).toEqual(['GatewayAccount']);
    const { Format } = template.Resources.Stage?.Properties.AccessLogSetting ?? {};
    expect(JSON.parse(Format)).toMatchObject({
      tenant: '$context.authorizer.claims.sub',
      apiKeyId: '$context.identity.apiKeyId',
    });
    expect(Format).not.toContain('body');
  });

  it('opens no method without a token, but the description and the answer to what is not there', () => {
    const open = ofType(template, 'AWS::ApiGateway::Method').filter(
      ([, { Properties }]) => Properties.AuthorizationType === 'NONE',
    );
    const paths = ofType(template, 'AWS::ApiGateway::Resource').map(([id]) => `${id}Any`);
    expect(open.map(([id]) => id).sort()).toEqual(['OpenApiGet', 'RootAny', ...paths].sort());
    for (const [, { Properties }] of open) {
      // or a caller without a token could make it answer 500, and ring the alarm
      expect(Properties.Integration).toMatchObject({ Type: 'MOCK', PassthroughBehavior: 'NEVER' });
    }
  });
});
