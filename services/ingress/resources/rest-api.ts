import { sha256 } from '@spillway/shared/attempt/digests.ts';
import {
  allow,
  arnOf,
  policyDocument,
  type Resource,
  type Stack,
  sub,
} from '@spillway/shared/packaging/cloudformation.ts';
import { PackagingError } from '@spillway/shared/packaging/errors.ts';
import { stage } from './api-stage.ts';
import { asyncApiTemplate } from './asyncapi.ts';
import { gatewayResponses } from './gateway-responses.ts';
import { methodsByPath, pathFor, routesOf, routesOfNoType, singleMethodsByPath } from './job-type-routes.ts';
import { invokePermissions, type LightRoute } from './light-routes.ts';
import { API } from './methods.ts';
import { DOCUMENTS, openMethods } from './open-methods.ts';
import { openApiTemplate } from './openapi.ts';
import { pathPart, pathResources, ROOT } from './paths.ts';
import type { LaneReference } from './provided-lanes.ts';

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const MOST_RESOURCES = 300;

/** The REST API, made from the contracts and the light functions' routes. */
export function restApi(lanes: LaneReference[], lightRoutes: LightRoute[]): Stack {
  const templates = { OpenApi: openApiTemplate(lanes, lightRoutes), AsyncApi: asyncApiTemplate() };
  const open = openMethods(templates, allowedMethods(lanes, lightRoutes));
  const routes = merged(
    fixed(lanes, lightRoutes),
    Object.fromEntries(open.map(({ id, resource }) => [id, resource])),
    gatewayResponses(),
    ...pathResources(pathsOf(lanes, lightRoutes)),
    ...lanes.map((lane) => routesOf(lane, lightRoutes)),
    routesOfNoType(lightRoutes),
  );
  const paths = Object.values(routes).filter(({ Type }) => Type === 'AWS::ApiGateway::Resource');
  if (paths.length > MOST_RESOURCES) {
    throw new PackagingError(
      `the API has ${paths.length} resources, but API Gateway allows ${MOST_RESOURCES}: ask AWS for more, or split the job types between two APIs`,
    );
  }
  const deploymentId = deploymentIdOf(routes);
  return {
    Resources: {
      ...routes,
      [deploymentId]: {
        Type: 'AWS::ApiGateway::Deployment',
        DependsOn: Object.keys(routes).filter((id) => /Method|GatewayResponse/.test(routes[id]?.Type ?? '')),
        Properties: { RestApiId: API },
      },
      ...stage(deploymentId, open),
    },
    Outputs: {
      ApiId: { Value: API },
      ApiStage: { Value: '${sls:stage}' },
      ApiUrl: { Value: sub('https://${Api}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${sls:stage}') },
    },
  };
}

/** All parts in one. @throws PackagingError if two of them have a resource of the same name */
function merged(...parts: Record<string, Resource>[]): Record<string, Resource> {
  const all: Record<string, Resource> = {};
  for (const [id, resource] of parts.flatMap(Object.entries<Resource>)) {
    if (Object.hasOwn(all, id)) {
      throw new PackagingError(`the API has two resources named ${id}: use another name for the job type`);
    }
    all[id] = resource;
  }
  return all;
}

/** Every path that has a method of its own. */
const pathsOf = (lanes: LaneReference[], lightRoutes: LightRoute[]): string[] => [
  ...lanes.flatMap(({ jobType }) =>
    [...methodsByPath(jobType, lightRoutes).keys()].map((path) => pathFor(path, jobType)),
  ),
  ...singleMethodsByPath(lightRoutes).keys(),
];

/** The methods of each path, as a regular expression that stands for the job types that have the same ones. */
function allowedMethods(lanes: LaneReference[], lightRoutes: LightRoute[]): Map<string, string[]> {
  const typesOf = new Map<string, string[]>();
  for (const { jobType } of lanes) {
    for (const [path, methods] of methodsByPath(jobType, lightRoutes)) {
      const key = `${methods.join()} ${path}`;
      typesOf.set(key, [...(typesOf.get(key) ?? []), jobType.name]);
    }
  }
  const allowed = new Map(Object.values(DOCUMENTS).map((path) => [pattern(path), ['GET', 'HEAD']]));
  for (const [path, methods] of singleMethodsByPath(lightRoutes)) allowed.set(pattern(path), methods);
  for (const [key, types] of typesOf) {
    const [methods = '', path = ''] = key.split(' ');
    allowed.set(pattern(path.replace('{type}', `(${types.join('|')})`)), methods.split(','));
  }
  // the first that fits counts, and a literal segment such as `batch` goes before a job id
  return new Map([...allowed].sort(([a], [b]) => anySegments(a) - anySegments(b)));
}

const ANY_SEGMENT = '[^/]+';
const anySegments = (path: string) => path.split(ANY_SEGMENT).length;

/** A regular expression for a path, without its first slash. */
const pattern = (path: string) =>
  path
    .slice(1)
    .replaceAll('.', '[.]')
    .replace(/\{\w+\}/g, ANY_SEGMENT);

/**
 * A deployment is a snapshot, so changed routes need a new one. Serverless variables are hashed as they are written:
 * their values on a stage change only together with the routes, or with a lane's kind, which the templates contain.
 */
const deploymentIdOf = (routes: Record<string, Resource>) => `Deployment${sha256(JSON.stringify(routes)).slice(0, 16)}`;

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
      // without a condition on aws:SourceArn or aws:SourceAccount: AWS does not document that API Gateway sends them when it
      // assumes a role, and if it did not, every submit would fail. Only this account's APIs can have the role
      // (iam:PassRole works within one account)
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
  ...Object.assign({}, ...lightRoutes.map(invokePermissions)),
  ...Object.fromEntries(
    Object.entries(DOCUMENTS).map(([name, path]) => [`${name}Resource`, pathPart(ROOT, path.slice(1))]),
  ),
  // every other path
  UnknownResource: pathPart(ROOT, '{proxy+}'),
});
