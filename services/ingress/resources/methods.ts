import type { Scope } from '@spillway/shared/contracts/scopes.ts';
import { arnOf, type Resource, ref, sub } from '@spillway/shared/packaging/cloudformation.ts';
import type { LaneReference } from './provided-lanes.ts';
import { type SubmitVerb, submitTemplates } from './templates.ts';

/** The REST API that everything here belongs to. */
export const API = ref('Api');

export const PROBLEM_TYPE = { 'method.response.header.Content-Type': "'application/problem+json'" };
export const ANSWERS_PROBLEM = { 'method.response.header.Content-Type': true };

/** A method that needs a token with the scope and an API key, or without a scope a signature of IAM. */
const guarded = (
  resourceId: string,
  verb: string,
  scope: Scope | undefined,
  properties: Record<string, unknown>,
): Resource => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    RestApiId: API,
    ResourceId: ref(resourceId),
    HttpMethod: verb,
    ...(scope ? forTenants(scope) : FOR_ADMINISTRATORS),
    ...properties,
  },
});

const forTenants = (scope: Scope) => ({
  AuthorizationType: 'COGNITO_USER_POOLS',
  AuthorizerId: ref('Authorizer'),
  AuthorizationScopes: [scope],
  ApiKeyRequired: true,
});

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/permissions.html */
const FOR_ADMINISTRATORS = { AuthorizationType: 'AWS_IAM' };

/** POST or PUT of a job, straight into its lane. */
export function submitMethod(lane: LaneReference, resourceId: string, verb: SubmitVerb): Resource {
  const templates = submitTemplates(lane.jobType, verb);
  return guarded(resourceId, verb, 'jobs/submit', {
    RequestValidatorId: ref('BodyValidator'),
    RequestModels: { 'application/json': ref(`${lane.id}Model`) },
    ...(verb === 'PUT' && { RequestParameters: { 'method.request.path.jobId': true } }),
    Integration: {
      Type: 'AWS',
      IntegrationHttpMethod: 'POST',
      Uri: sub(`arn:\${AWS::Partition}:apigateway:\${AWS::Region}:sqs:path/\${AWS::AccountId}/${lane.queueName}`),
      Credentials: arnOf('SubmitRole'),
      // another content type is answered with 415, because its body could not be validated
      PassthroughBehavior: 'NEVER',
      RequestParameters: { 'integration.request.header.Content-Type': "'application/x-www-form-urlencoded'" },
      RequestTemplates: { 'application/json': templates.request },
      IntegrationResponses: [
        { StatusCode: '202', SelectionPattern: '200', ResponseTemplates: { 'application/json': templates.accepted } },
        {
          // any answer of SQS except 200; the template distinguishes the cases
          StatusCode: '503',
          ResponseParameters: PROBLEM_TYPE,
          ResponseTemplates: { 'application/json': templates.refused },
        },
      ],
    },
    MethodResponses: [{ StatusCode: '202' }, { StatusCode: '503', ResponseParameters: ANSWERS_PROBLEM }],
  });
}

/** A method that a light function answers. */
export const functionMethod = (
  resourceId: string,
  verb: string,
  scope: Scope | undefined,
  functionId: string,
): Resource =>
  guarded(resourceId, verb, scope, {
    Integration: {
      Type: 'AWS_PROXY',
      IntegrationHttpMethod: 'POST',
      Uri: sub(
        `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${functionId}.Arn}/invocations`,
      ),
    },
  });
