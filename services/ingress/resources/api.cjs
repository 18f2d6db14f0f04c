const { createHash } = require('node:crypto');
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { PackagingError } = require('@spillway/shared/packaging/errors.ts');
const { parse } = require('yaml');
const { lanes } = require('./lanes.cjs');
const { openApiMethod, unknownMethod } = require('./open-methods.cjs');
const { api, ref, resource, routesOf, sub } = require('./routes.cjs');

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MOST_RESOURCES = 300;

const root = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };

/** The REST API, made from the contracts. */
module.exports = async ({ resolveVariable }) => {
  const all = await lanes(resolveVariable);
  const stage = await resolveVariable('sls:stage');
  const problems = parse(readFileSync(join(__dirname, 'problems.yml'), 'utf8'));
  const address = { stage, tokenUrl: await resolveVariable('self:custom.tokenUrl') };
  const known = { ...fixed(all, address), ...Object.assign({}, ...all.map(routesOf)) };
  const paths = Object.keys(known).filter((id) => known[id].Type === 'AWS::ApiGateway::Resource');
  const unknown = Object.fromEntries(paths.map((id) => [`${id}Any`, unknownMethod(ref(id))]));
  const routes = { ...known, ...unknown, RootAny: unknownMethod(root), ...problems };
  if (paths.length > MOST_RESOURCES) {
    throw new PackagingError(
      `the API has ${paths.length} resources and API Gateway takes ${MOST_RESOURCES}: ask AWS for more, or split the job types over two APIs`,
    );
  }
  // a deployment is a snapshot: another content needs another one
  const deployment = `Deployment${createHash('sha256').update(JSON.stringify(routes)).digest('hex').slice(0, 16)}`;
  return {
    Resources: {
      ...routes,
      [deployment]: {
        Type: 'AWS::ApiGateway::Deployment',
        DependsOn: Object.keys(routes).filter((id) => /Method|GatewayResponse/.test(routes[id].Type)),
        Properties: { RestApiId: api },
      },
      Stage: stageResource(stage, deployment),
      AccessLogs: {
        Type: 'AWS::Logs::LogGroup',
        // as long as the functions' logs
        Properties: { LogGroupName: `/spillway/${stage}/access`, RetentionInDays: 30 },
      },
    },
    Outputs: {
      ApiId: { Value: api },
      ApiStage: { Value: stage },
      ApiUrl: { Value: sub(`https://\${Api}.execute-api.\${AWS::Region}.\${AWS::URLSuffix}/${stage}`) },
    },
  };
};

/** What the API has whatever the contracts say. */
const fixed = (all, address) => ({
  Api: {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: { Name: 'spillway-$' + '{sls:stage}', EndpointConfiguration: { Types: ['REGIONAL'] } },
  },
  Authorizer: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      RestApiId: api,
      Name: 'tenants',
      Type: 'COGNITO_USER_POOLS',
      IdentitySource: 'method.request.header.Authorization',
      ProviderARNs: [{ 'Fn::GetAtt': ['UserPool', 'Arn'] }],
    },
  },
  BodyValidator: {
    Type: 'AWS::ApiGateway::RequestValidator',
    Properties: { RestApiId: api, Name: 'body', ValidateRequestBody: true, ValidateRequestParameters: true },
  },
  SubmitRole: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Principal: { Service: 'apigateway.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      },
      Policies: [
        {
          PolicyName: 'submit',
          PolicyDocument: {
            Version: '2012-10-17',
            Statement: [{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: all.map(({ queueArn }) => queueArn) }],
          },
        },
      ],
    },
  },
  ...Object.fromEntries(['ApiDashgetDashjob', 'ApiDashlistDashjobs'].map((id) => [`${id}Permission`, mayInvoke(id)])),
  JobsResource: resource(root, 'jobs'),
  OpenApiResource: resource(root, 'openapi.json'),
  OpenApiGet: openApiMethod(
    all.map(({ jobType }) => jobType),
    address,
  ),
  // every other path
  UnknownResource: resource(root, '{proxy+}'),
});

const mayInvoke = (id) => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: { 'Fn::GetAtt': [`${id}LambdaFunction`, 'Arn'] },
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: sub(
      'arn:$' + '{AWS::Partition}:execute-api:$' + '{AWS::Region}:$' + '{AWS::AccountId}:$' + '{Api}/*/GET/jobs/*',
    ),
  },
});

const stageResource = (stage, deployment) => ({
  Type: 'AWS::ApiGateway::Stage',
  // a stage with access logs is refused until the account has a role for them
  DependsOn: ['GatewayAccount'],
  Properties: {
    RestApiId: api,
    DeploymentId: ref(deployment),
    StageName: stage,
    TracingEnabled: true,
    MethodSettings: [
      {
        HttpMethod: '*',
        ResourcePath: '/*',
        MetricsEnabled: true,
        // the account's own limits, 10,000 requests a second with bursts of 5,000 (a quarter in some newer regions); usage
        // plans hold single callers back
        ThrottlingRateLimit: 10_000,
        ThrottlingBurstLimit: 5_000,
      },
    ],
    AccessLogSetting: {
      DestinationArn: { 'Fn::GetAtt': ['AccessLogs', 'Arn'] },
      // who asked for what and what came of it; never a body
      Format: JSON.stringify({
        requestId: '$context.requestId',
        tenant: '$context.authorizer.claims.sub',
        apiKeyId: '$context.identity.apiKeyId',
        method: '$context.httpMethod',
        resource: '$context.resourcePath',
        status: '$context.status',
        latencyMs: '$context.responseLatency',
        error: '$context.error.responseType',
        traceId: '$context.xrayTraceId',
      }),
    },
  },
});
