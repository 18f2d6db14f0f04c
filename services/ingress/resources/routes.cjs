const { laneOf } = require('@spillway/shared/contracts/lane.ts');
const { modelOf } = require('./model.cjs');
const { submitTemplates } = require('./templates.cjs');

const ref = (Ref) => ({ Ref });
const sub = (text) => ({ 'Fn::Sub': text });
const api = ref('Api');

/** A path segment. */
const resource = (parent, part) => ({
  Type: 'AWS::ApiGateway::Resource',
  Properties: { RestApiId: api, ParentId: parent, PathPart: part },
});

/** A method that needs a token with the scope, and an API key. */
const method = (resourceId, verb, scope, properties) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    RestApiId: api,
    ResourceId: ref(resourceId),
    HttpMethod: verb,
    AuthorizationType: 'COGNITO_USER_POOLS',
    AuthorizerId: ref('Authorizer'),
    AuthorizationScopes: [scope],
    ApiKeyRequired: true,
    ...properties,
  },
});

/** POST and PUT, straight into the lane. */
function submit(lane, resourceId, verb) {
  const { jobType, id, queueName } = lane;
  const limitBytes = laneOf(jobType).maximumMessageBytes;
  const templates = submitTemplates(jobType, verb === 'PUT' ? "$input.params('jobId')" : '""', limitBytes);
  return method(resourceId, verb, 'jobs/submit', {
    RequestValidatorId: ref('BodyValidator'),
    RequestModels: { 'application/json': ref(`${id}Model`) },
    ...(verb === 'PUT' && { RequestParameters: { 'method.request.path.jobId': true } }),
    Integration: {
      Type: 'AWS',
      IntegrationHttpMethod: 'POST',
      Uri: sub(`arn:\${AWS::Partition}:apigateway:\${AWS::Region}:sqs:path/\${AWS::AccountId}/${queueName}`),
      Credentials: { 'Fn::GetAtt': ['SubmitRole', 'Arn'] },
      // another content type is 415: it could not be validated
      PassthroughBehavior: 'NEVER',
      RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      RequestTemplates: { 'application/json': templates.request },
      IntegrationResponses: [
        { StatusCode: '202', SelectionPattern: '200', ResponseTemplates: { 'application/json': templates.accepted } },
        {
          // whatever SQS answers but 200; the template tells the cases apart
          StatusCode: '503',
          ResponseParameters: { 'method.response.header.Content-Type': "'application/problem+json'" },
          ResponseTemplates: { 'application/json': templates.refused },
        },
      ],
    },
    MethodResponses: [
      { StatusCode: '202' },
      { StatusCode: '503', ResponseParameters: { 'method.response.header.Content-Type': true } },
    ],
  });
}

/** GET, answered by a light function. */
const read = (resourceId, functionId) =>
  method(resourceId, 'GET', 'jobs/read', {
    Integration: {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      Uri: sub(
        `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${functionId}.Arn}/invocations`,
      ),
    },
  });

/** The routes of one job type: a literal path, so that it has its own model, throttle and metrics. */
function routesOf(lane) {
  const { id, jobType } = lane;
  return {
    [`${id}Model`]: {
      Type: 'AWS::ApiGateway::Model',
      Properties: { RestApiId: api, Name: `${id}Input`, ContentType: 'application/json', Schema: modelOf(jobType) },
    },
    [`${id}Resource`]: resource(ref('JobsResource'), jobType.name),
    [`${id}JobResource`]: resource(ref(`${id}Resource`), '{jobId}'),
    [`${id}Post`]: submit(lane, `${id}Resource`, 'POST'),
    [`${id}Put`]: submit(lane, `${id}JobResource`, 'PUT'),
    [`${id}List`]: read(`${id}Resource`, 'ApiDashlistDashjobsLambdaFunction'),
    [`${id}Get`]: read(`${id}JobResource`, 'ApiDashgetDashjobLambdaFunction'),
  };
}

module.exports = { resource, routesOf, api, ref, sub };
