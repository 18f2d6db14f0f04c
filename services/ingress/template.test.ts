import { MAXIMUM_MESSAGE_BYTES } from '@spillway/shared/contracts/run-kinds.ts';
import { activeJobTypes, pascalCase, publicJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { ofType, packageService, rightsOf } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';
import { CONTEXT, callOf } from './testing/velocity.ts';

const template = packageService('ingress');
const types = activeJobTypes();

describe.each(types.map(({ name }) => name))('the job type %s', (name) => {
  const id = pascalCase(name);

  it.each(['Post', 'Put'])(
    `the %s of ${name} sends straight to its lane and needs scope, API key, model and validator`,
    (verb) => {
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
    },
  );

  it(`the model of ${name} is JSON Schema draft 4 without keywords that API Gateway refuses`, () => {
    const schema = JSON.stringify(template.Resources[`${id}Model`]?.Properties.Schema);
    expect(schema).toContain('draft-04');
    expect(schema).not.toMatch(/"(\$id|\$ref|default|examples?|const)":/);
  });
});

describe.each(publicJobTypes().map(({ name }) => name))('the jobs of the type %s', (name) => {
  it.each(['Get', 'GetHead', 'List', 'ListHead'])(`the %s of ${name} needs the scope for reading`, (verb) => {
    expect(template.Resources[`${pascalCase(name)}${verb}`]?.Properties).toMatchObject({
      AuthorizationScopes: ['jobs/read'],
      ApiKeyRequired: true,
    });
  });
});

/** The SQS call that a compiled method makes of a submit. */
const submitted = (methodId: string, body: unknown, jobId?: string) =>
  callOf(template.Resources[methodId]?.Properties.Integration.RequestTemplates['application/json'], {
    body: JSON.stringify(body),
    ...(jobId !== undefined && { params: { jobId } }),
  });

describe.each(types.filter(({ lane }) => lane.kind === 'ordered').map((jobType) => [jobType.name, jobType] as const))(
  'a submit to the ordered lane of %s',
  (_, { name, lane, example }) => {
    const id = pascalCase(name);
    const body = example.input as Record<string, unknown>;
    const orderKey = lane.kind === 'ordered' ? lane.orderKey : '';

    it(`a submit of ${name} is in the message group of its tenant and order key`, () => {
      for (const { form } of [submitted(`${id}Post`, body), submitted(`${id}Put`, body, 'mine')]) {
        expect(form.get('MessageGroupId')).toBe(`tenant-1.${body[orderKey]}`);
        expect(form.get('MessageBody')).toBe(JSON.stringify(body));
      }
    });

    it(`a submit of ${name} is deduplicated by request, so that a conflicting duplicate arrives`, () => {
      for (const { form } of [submitted(`${id}Post`, body), submitted(`${id}Put`, body, 'mine')]) {
        expect(form.get('MessageDeduplicationId')).toBe(CONTEXT.extendedRequestId);
      }
    });

    it(`a submit of ${name} with an id that SQS would refuse still reaches the lane`, () => {
      const { attributes } = submitted(`${id}Put`, body, 'no spaces');
      expect(attributes.jobId).toBe('no spaces');
    });

    it(`the model of ${name} refuses an order key that does not fit a message group, and names the field`, () => {
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
  it('a submit to a standard lane is in the message group of its tenant and is not deduplicated', () => {
    for (const { name, example } of types.filter(({ lane }) => lane.kind === 'standard')) {
      const { form } = submitted(`${pascalCase(name)}Put`, example.input, 'mine');
      expect([form.get('MessageGroupId'), form.get('MessageDeduplicationId')]).toEqual(['tenant-1', null]);
    }
  });
});

describe('the resources of ingress', () => describeResources(template));

describe('the front door', () => {
  it.each([
    ['ApiDashgetDashjob', ['*/jobs/*/*']],
    ['ApiDashlistDashjobs', ['*/jobs/*']],
    ['ApiDashsubmitDashjobsDashbatch', ['POST/jobs/*/batch']],
  ])('the API may call %s on its own route and on no other', (id, routes) => {
    const permissions = ofType(template, 'AWS::Lambda::Permission')
      .map(([, { Properties }]) => Properties)
      .filter(({ FunctionName }) => FunctionName['Fn::GetAtt'][0] === `${id}LambdaFunction`);
    const sources = permissions.map(({ SourceArn }) => SourceArn['Fn::Sub'].replace(/^.*:\$\{Api\}\/\*\//, ''));
    expect(sources).toEqual(routes);
  });

  it('the user pool has every scope that a method requires', () => {
    const { Identifier, Scopes } = template.Resources.JobsScopes?.Properties ?? {};
    const known = Scopes.map(({ ScopeName }: { ScopeName: string }) => `${Identifier}/${ScopeName}`);
    const asked = ofType(template, 'AWS::ApiGateway::Method').flatMap(
      ([, { Properties }]) => Properties.AuthorizationScopes ?? [],
    );
    expect(new Set(asked)).toEqual(new Set(known));
  });

  it('the front door may send only to the lanes', () => {
    expect(rightsOf(template, 'SubmitRole')).toHaveLength(1);
    const [statement] = template.Resources.SubmitRole?.Properties.Policies[0].PolicyDocument.Statement ?? [];
    expect(statement.Action).toBe('sqs:SendMessage');
    expect(statement.Resource).toHaveLength(types.length);
  });

  it('the function for batches may send only to the lanes', () => {
    const rights = rightsOf(template, 'ApiDashsubmitDashjobsDashbatchIamRoleLambdaExecution');
    const [own, ...others] = rights.filter((right) => !/^(logs|xray):/.test(right));
    expect(others).toEqual([]);
    expect(own?.match(/:spillway-solo-/g)).toHaveLength(types.length);
    expect(own).toMatch(/^sqs:SendMessage /);
  });

  it('the function that shows a failure learns from S3 that a record is missing', () => {
    const rights = rightsOf(template, 'ApiDashgetDashfailureIamRoleLambdaExecution');
    const [list, ...others] = rights.filter((right) => right.startsWith('s3:ListBucket'));
    expect([list, others]).toEqual([expect.stringMatching(/archive-[^/]*$/), []]);
  });

  it('the function that decides about blocked keys may only show messages, in ordered lanes', () => {
    const rights = rightsOf(template, 'ApiDashdecideDashblockedDashkeyIamRoleLambdaExecution');
    expect(rights.filter((right) => right.startsWith('sqs:'))).toEqual([
      expect.stringMatching(/^sqs:ChangeMessageVisibility .*:spillway-solo-\*\.fifo"/),
    ]);
    const denied = rights.filter((right) => right.startsWith('not sqs:'));
    expect(denied).toEqual([expect.stringContaining(':spillway-solo-push.fifo"')]);
    expect(denied[0]).toContain(':spillway-solo-*-dlq.fifo"');
  });

  it('the API is deployed only when all its methods and gateway responses exist', () => {
    const [, deployment] = ofType(template, 'AWS::ApiGateway::Deployment')[0] ?? [];
    const methods = ofType(template, 'AWS::ApiGateway::Method').map(([id]) => id);
    const answers = ofType(template, 'AWS::ApiGateway::GatewayResponse').map(([id]) => id);
    expect(deployment?.DependsOn).toEqual(expect.arrayContaining([...methods, ...answers]));
  });

  it('every gateway response is a problem document, with Retry-After if trying again can help', () => {
    for (const [, { Properties }] of ofType(template, 'AWS::ApiGateway::GatewayResponse')) {
      expect(Properties.ResponseParameters['gatewayresponse.header.Content-Type']).toBe("'application/problem+json'");
      if (['429', '503'].includes(Properties.StatusCode)) {
        expect(Properties.ResponseParameters).toHaveProperty(['gatewayresponse.header.Retry-After']);
      }
    }
  });

  it('every kind of refusal by API Gateway is answered with JSON that does not repeat the token', () => {
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

  it('a failure gets 500 or 503 as the API description says, and none of the gateway’s own 502 and 504', () => {
    const responses = ofType(template, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    for (const kind of ['DEFAULT_5XX', 'INTEGRATION_FAILURE', 'INTEGRATION_TIMEOUT']) {
      const { StatusCode } = responses.find(({ ResponseType }) => ResponseType === kind) ?? {};
      expect(['500', '503']).toContain(StatusCode);
    }
  });

  it('an unknown route gets 404, and a request to an admin route that is not signed well gets 403', () => {
    const answers = ofType(template, 'AWS::ApiGateway::GatewayResponse').map(([, { Properties }]) => Properties);
    const statusOf = (kind: string) => answers.find(({ ResponseType }) => ResponseType === kind)?.StatusCode;
    expect(statusOf('RESOURCE_NOT_FOUND')).toBe('404');
    expect([statusOf('MISSING_AUTHENTICATION_TOKEN'), statusOf('INVALID_SIGNATURE')]).toEqual(['403', '403']);
  });

  it('the policy for administrators allows only the routes below /admin of this stage', () => {
    const { Statement } = template.Resources.AdminPolicy?.Properties.PolicyDocument ?? {};
    expect(Statement).toEqual([
      {
        Effect: 'Allow',
        Action: 'execute-api:Invoke',
        Resource: [{ 'Fn::Sub': expect.stringMatching(/:\$\{Api\}\/solo\/\*\/admin\/\*$/) }],
      },
    ]);
  });

  it('the refusal of a request that is too large for API Gateway names the limit of a lane', () => {
    const { Properties } = template.Resources.RequestTooLargeProblem ?? {};
    expect(Properties.ResponseTemplates['application/json']).toContain(` ${MAXIMUM_MESSAGE_BYTES} bytes`);
  });

  it('X-Ray traces a hundredth of the requests to the API, and not the first one of each second', () => {
    expect(template.Resources.Stage?.Properties.TracingEnabled).toBe(true);
    expect(template.Resources.Sampling?.Properties.SamplingRule).toMatchObject({
      ServiceType: 'AWS::ApiGateway::Stage',
      ServiceName: `${template.Resources.Api?.Properties.Name}/${template.Resources.Stage?.Properties.StageName}`,
      ReservoirSize: 0,
      FixedRate: 0.01,
    });
  });

  it('the access log says who was refused, what the integration answered and why it failed', () => {
    expect(template.Resources.Stage?.DependsOn).toEqual(['GatewayAccount']);
    const { Format } = template.Resources.Stage?.Properties.AccessLogSetting ?? {};
    expect(JSON.parse(Format)).toMatchObject({
      tenant: '$context.authorizer.claims.sub',
      apiKeyId: '$context.identity.apiKeyId',
      extendedRequestId: '$context.extendedRequestId',
      integrationStatus: '$context.integration.status',
      integrationError: '$context.integration.error',
      integrationLatencyMs: '$context.integrationLatency',
    });
    expect(Format).not.toContain('body');
  });

  /** The methods that need no token: the logical id, the path and the verb. */
  const open = ofType(template, 'AWS::ApiGateway::Method')
    .filter(([, { Properties }]) => Properties.AuthorizationType === 'NONE')
    .map(([id, { Properties }]) => ({ id, path: pathOf(Properties.ResourceId), Properties }));

  it('only the descriptions of the API and the events and the answers to unknown routes need no token', () => {
    const verbs = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];
    expect(open.map(({ path, Properties }) => `${Properties.HttpMethod} ${path}`).sort()).toEqual(
      [
        'GET /openapi.json',
        'HEAD /openapi.json',
        'GET /asyncapi.json',
        'HEAD /asyncapi.json',
        ...verbs.flatMap((verb) => [`${verb} /`, `${verb} /{proxy+}`]),
      ].sort(),
    );
    for (const { Properties } of open) {
      // or a caller without a token could make it answer 500, and set off the alarm
      expect(Properties.Integration).toMatchObject({ Type: 'MOCK', PassthroughBehavior: 'NEVER' });
    }
  });

  it('no method is ANY, for which API Gateway takes no throttle', () => {
    const verbs = ofType(template, 'AWS::ApiGateway::Method').map(([, { Properties }]) => Properties.HttpMethod);
    expect(verbs).not.toContain('ANY');
  });

  it('every method that needs no token has a throttle of its own, far below that of the account', () => {
    const [whole, ...own] = template.Resources.Stage?.Properties.MethodSettings ?? [];
    expect(whole).toMatchObject({ HttpMethod: '*', ResourcePath: '/*' });
    const throttled = own.map(
      ({ HttpMethod, ResourcePath }: Record<string, string>) => `${HttpMethod} ${ResourcePath}`,
    );
    expect(throttled.sort()).toEqual(
      open.map(({ path, Properties }) => `${Properties.HttpMethod} ${encoded(path)}`).sort(),
    );
    const sum = (field: string) =>
      own.reduce((total: number, setting: Record<string, number>) => total + (setting[field] ?? 0), 0);
    expect(sum('ThrottlingRateLimit')).toBeLessThanOrEqual(0.1 * whole.ThrottlingRateLimit);
    for (const { ThrottlingRateLimit, ThrottlingBurstLimit } of own) {
      expect([ThrottlingRateLimit, ThrottlingBurstLimit]).toEqual([50, 100]);
    }
  });

  it('no metrics per method are paid for, and the alarm needs only those of the stage', () => {
    for (const { MetricsEnabled } of template.Resources.Stage?.Properties.MethodSettings ?? []) {
      expect(MetricsEnabled).toBe(false);
    }
    const dimensions = template.Resources.DoorFailsAlarm?.Properties.Dimensions;
    expect(dimensions.map(({ Name }: { Name: string }) => Name)).toEqual(['ApiName', 'Stage']);
  });

  it('at least nineteen job types fit into the 500 resources of a stack', () => {
    const ids = Object.keys(template.Resources);
    const perType = ids.filter((id) => id.startsWith(pascalCase(types[0]?.name ?? ''))).length;
    const shared = ids.length - types.length * perType;
    expect((500 - shared) / perType).toBeGreaterThanOrEqual(19);
  });
});

/** The path of a resource of the API. */
function pathOf(resourceId: { Ref?: string }): string {
  const { PathPart, ParentId } = template.Resources[resourceId.Ref ?? '']?.Properties ?? {};
  return PathPart === undefined ? '/' : `${pathOf(ParentId).replace(/\/$/, '')}/${PathPart}`;
}

const encoded = (path: string) => (path === '/' ? '/' : `/${path.replaceAll('/', '~1')}`);

describe('schedules', () => {
  const properties = (id: string) => template.Resources[id]?.Properties;

  it('Scheduler may only send messages, to the lanes and to the dead-letter queue of schedules', () => {
    const [{ Action, Resource, ...more }] = properties('ScheduleRole').Policies[0].PolicyDocument.Statement;
    expect([Action, more]).toEqual(['sqs:SendMessage', { Effect: 'Allow' }]);
    expect(Resource).toEqual([
      ...publicJobTypes().map(({ name }) => expect.stringContaining(`:spillway-solo-${name}`)),
      { 'Fn::GetAtt': ['ScheduleDeadLetters', 'Arn'] },
    ]);
  });

  it('the role of schedules works for no other schedule group and no other account', () => {
    const [statement] = properties('ScheduleRole').AssumeRolePolicyDocument.Statement;
    expect(statement.Condition.StringEquals).toEqual({
      'aws:SourceAccount': { Ref: 'AWS::AccountId' },
      'aws:SourceArn': { 'Fn::Sub': expect.stringMatching(/:schedule-group\/spillway-solo$/) },
    });
  });

  it('the function that writes schedules may hand over only their role, and only to Scheduler', () => {
    const statements = properties(
      'ApiDashputDashscheduleIamRoleLambdaExecution',
    ).Policies[0].PolicyDocument.Statement.filter(({ Action }: { Action: string[] }) =>
      [Action].flat().includes('iam:PassRole'),
    );
    expect(statements).toMatchObject([
      {
        Resource: expect.stringMatching(`:role/${properties('ScheduleRole').RoleName}$`),
        Condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
      },
    ]);
  });

  it('a message of a schedule that no lane took is kept, and raises an alarm', () => {
    expect(properties('ScheduleDeadLetters')).toMatchObject({
      QueueName: 'spillway-solo-schedules-dlq',
      MessageRetentionPeriod: 1_209_600,
    });
    expect(properties('ScheduleDeadLetterAlarm').Dimensions).toEqual([
      { Name: 'QueueName', Value: 'spillway-solo-schedules-dlq' },
    ]);
  });
});
