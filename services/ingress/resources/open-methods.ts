import { type Resource, ref } from '@spillway/shared/packaging/cloudformation.ts';
import { ANSWERS_PROBLEM, API, PROBLEM_TYPE } from './methods.ts';
import { ROOT } from './paths.ts';
import { unknownRoute, wrongRoute } from './templates.ts';

/** A method that needs no token and no API key. API Gateway answers it by itself. */
export interface OpenMethod {
  /** The logical id. */
  id: string;
  path: string;
  verb: string;
  resource: Resource;
}

/** The documents that describe what the platform takes and sends. */
export const DOCUMENTS = { OpenApi: '/openapi.json', AsyncApi: '/asyncapi.json' } as const;
export type Document = keyof typeof DOCUMENTS;
/** Takes whatever no other resource and method takes: API Gateway routes by both. */
const ANY_OTHER_PATH = '/{proxy+}';

/** Every method of a REST API. `ANY` would be shorter, but API Gateway takes no throttle for it. */
const VERBS = ['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH', 'POST', 'PUT'];

/**
 * The methods for everyone: the descriptions of the API and of the events, and the answers to whatever has no route. Without those, API Gateway would
 * expect such a request to be signed with IAM, and would answer one with a token with 403 and the message that the token is
 * not a signature.
 *
 * @param templates what answers with each document
 * @param allowed the methods of each path, as patterns (see `wrongRoute`)
 */
export const openMethods = (
  templates: Readonly<Record<Document, string>>,
  allowed: ReadonlyMap<string, readonly string[]>,
): OpenMethod[] => [
  ...(Object.entries(DOCUMENTS) as [Document, string][]).flatMap(([name, path]) => [
    mock(name, ref(`${name}Resource`), { path, verb: 'GET' }, 200, templates[name]),
    // the same without the document; a template may not be empty
    mock(name, ref(`${name}Resource`), { path, verb: 'HEAD' }, 200, "#set($nothing = '')"),
  ]),
  ...VERBS.map((verb) => mock('Root', ROOT, { path: '/', verb }, 404, unknownRoute())),
  ...VERBS.map((verb) =>
    mock('Unknown', ref('UnknownResource'), { path: ANY_OTHER_PATH, verb }, 404, wrongRoute(allowed)),
  ),
];

function mock(
  name: string,
  resourceId: unknown,
  { path, verb }: Pick<OpenMethod, 'path' | 'verb'>,
  statusCode: number,
  template: string,
): OpenMethod {
  const isProblem = statusCode >= 400;
  return {
    id: `${name}${verb.charAt(0)}${verb.slice(1).toLowerCase()}`,
    path,
    verb,
    resource: {
      Type: 'AWS::ApiGateway::Method',
      Properties: {
        RestApiId: API,
        ResourceId: resourceId,
        HttpMethod: verb,
        AuthorizationType: 'NONE',
        Integration: {
          Type: 'MOCK',
          // with another content type, the mock would read its instructions from the body and fail with 500
          PassthroughBehavior: 'NEVER',
          RequestTemplates: { 'application/json': `{"statusCode":${statusCode}}` },
          IntegrationResponses: [
            {
              StatusCode: String(statusCode),
              ...(isProblem && { ResponseParameters: PROBLEM_TYPE }),
              ResponseTemplates: { 'application/json': template },
            },
          ],
        },
        MethodResponses: [
          { StatusCode: String(statusCode), ...(isProblem && { ResponseParameters: ANSWERS_PROBLEM }) },
        ],
      },
    },
  };
}
