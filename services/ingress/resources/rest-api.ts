import { createHash } from 'node:crypto';
import {
  allow,
  arnOf,
  policyDocument,
  type Resource,
  ref,
  type Stack,
  sub,
} from '@spillway/shared/packaging/cloudformation.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import { gatewayResponses } from './gateway-responses.ts';
import { routesOf } from './job-type-routes.ts';
import type { LaneReference } from './lanes.ts';
import { invokePermission, type LightRoute } from './light-routes.ts';
import { API, documentMethod, pathPart, unknownMethod } from './methods.ts';
import { openApiTemplate } from './openapi.ts';
import { stage } from './stage.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MOST_RESOURCES = 300;

const ROOT = { 'Fn::GetAtt': ['Api', 'RootResourceId'] };

/** The REST API, made from the contracts and the light functions' routes. */
export function restApi(lanes: LaneReference[], lightRoutes: LightRoute[]): Stack {
  const known = {
    ...fixed(lanes, lightRoutes),
    ...Object.assign({}, ...lanes.map((lane) => routesOf(lane, lightRoutes))),
  };
  const paths = Object.keys(known).filter((id) => known[id].Type === 'AWS::ApiGateway::Resource');
  if (paths.length > MOST_RESOURCES) {
    throw new PackagingError(
      `the API has ${paths.length} resources, but API Gateway allows ${MOST_RESOURCES}: ask AWS for more, or split the job types between two APIs`,
    );
  }
  const unknown = Object.fromEntries(paths.map((id) => [`${id}Any`, unknownMethod(ref(id))]));
  const routes = { ...known, ...unknown, RootAny: unknownMethod(ROOT), ...gatewayResponses() };
  const deploymentId = deploymentIdOf(routes);
  return {
    Resources: {
      ...routes,
      [deploymentId]: {
        Type: 'AWS::ApiGateway::Deployment',
        DependsOn: Object.keys(routes).filter((id) => /Method|GatewayResponse/.test(routes[id].Type)),
        Properties: { RestApiId: API },
      },
      ...stage(deploymentId),
    },
    Outputs: {
      ApiId: { Value: API },
      ApiStage: { Value: '${sls:stage}' },
      ApiUrl: { Value: sub('https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${sls:stage}') },
    },
  };
}

/**
 * A deployment is a snapshot, so changed routes need a new one. Serverless variables are hashed as they are written:
 * their values on a stage change only together with the routes, or with a lane's kind, which the templates contain.
 */
export const deploymentIdOf = (routes: Record<string, Resource>) =>
  `Deployment${createHash('sha256').update(JSON.stringify(routes)).digest('hex').slice(0, 16)}`;

/** The resources that every API has, whatever the contracts are. */
const fixed = (lanes: LaneReference[], lightRoutes: LightRoute[]): Record<string, Resource> => ({
  Api: {
    Type: 'AWS::ApiGateway::RestApi',
    Properties: { Name: 'spillway-${sls:stage}', EndpointConfiguration: { Types: ['REGIONAL'] } },
  },
  Authorizer: {
    Type: 'AWS::ApiGateway::Authorizer',
    Properties: {
      RestApiId: API,
      Name: 'tenants',
      Type: 'COGNITO_USER_POOLS',
      IdentitySource: 'method.request.header.Authorization',
      ProviderARNs: [arnOf('UserPool')],
    },
  },
  BodyValidator: {
    Type: 'AWS::ApiGateway::RequestValidator',
    Properties: { RestApiId: API, Name: 'body', ValidateRequestBody: true, ValidateRequestParameters: true },
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
          PolicyDocument: policyDocument(
            allow(
              'sqs:SendMessage',
              ...lanes.filter(({ jobType }) => !jobType.retired).map(({ queueArn }) => queueArn),
            ),
          ),
        },
      ],
    },
  },
  ...Object.assign({}, ...lightRoutes.map(invokePermission)),
  JobsResource: pathPart(ROOT, 'jobs'),
  OpenApiResource: pathPart(ROOT, 'openapi.json'),
  OpenApiGet: documentMethod('OpenApiResource', openApiTemplate(lanes, lightRoutes)),
  // every other path
  UnknownResource: pathPart(ROOT, '{proxy+}'),
});
