const { PackagingError } = require('@spillway/shared/packaging/errors.ts');
const { openApi } = require('./openapi.cjs');
const { api, ref } = require('./routes.cjs');
const { verbatim } = require('./templates.cjs');

/** https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html */
const LONGEST_TEMPLATE_BYTES = 300 * 1024;

/** An answer without a back end. With another content type the mock would take the body for its instructions, and fail with 500. */
const MOCK = { Type: 'MOCK', PassthroughBehavior: 'NEVER' };

/** The API's description, for everyone and without a function. */
function openApiMethod(jobTypes, address) {
  const document = verbatim(JSON.stringify(openApi(jobTypes, address)));
  if (Buffer.byteLength(document) > LONGEST_TEMPLATE_BYTES) {
    throw new PackagingError(
      `openapi.json is longer than a mapping template may be (${LONGEST_TEMPLATE_BYTES} bytes): shorten the examples`,
    );
  }
  return {
    Type: 'AWS::ApiGateway::Method',
    Properties: {
      RestApiId: api,
      ResourceId: ref('OpenApiResource'),
      HttpMethod: 'GET',
      AuthorizationType: 'NONE',
      Integration: {
        ...MOCK,
        RequestTemplates: { 'application/json': '{"statusCode":200}' },
        IntegrationResponses: [{ StatusCode: '200', ResponseTemplates: { 'application/json': document } }],
      },
      MethodResponses: [{ StatusCode: '200' }],
    },
  };
}

/**
 * The methods that a resource does not have. Without it API Gateway takes such a request for one signed by IAM, and answers
 * one that carries a token with 403 and the complaint that a token is no signature.
 */
const unknownMethod = (resourceId) => ({
  Type: 'AWS::ApiGateway::Method',
  Properties: {
    RestApiId: api,
    ResourceId: resourceId,
    HttpMethod: 'ANY',
    AuthorizationType: 'NONE',
    Integration: {
      ...MOCK,
      RequestTemplates: { 'application/json': '{"statusCode":404}' },
      IntegrationResponses: [
        {
          StatusCode: '404',
          ResponseParameters: { 'method.response.header.Content-Type': "'application/problem+json'" },
          ResponseTemplates: {
            'application/json': JSON.stringify({
              type: 'about:blank',
              title: 'Not Found',
              status: 404,
              detail: 'There is no such path or method. GET /openapi.json says which there are.',
              instance: 'urn:uuid:$context.requestId',
            }),
          },
        },
      ],
    },
    MethodResponses: [{ StatusCode: '404', ResponseParameters: { 'method.response.header.Content-Type': true } }],
  },
});

module.exports = { openApiMethod, unknownMethod };
