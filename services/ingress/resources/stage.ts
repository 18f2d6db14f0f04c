import { arnOf, type Resource, ref } from '@spillway/shared/packaging/cloudformation.ts';
import { API } from './methods.ts';

/** The API's stage, with throttles and access logs. */
export const stage = (deploymentId: string): Record<string, Resource> => ({
  Stage: {
    Type: 'AWS::ApiGateway::Stage',
    // API Gateway refuses a stage with access logs until the account has a role for them
    DependsOn: ['GatewayAccount'],
    Properties: {
      RestApiId: API,
      DeploymentId: ref(deploymentId),
      StageName: '${sls:stage}',
      TracingEnabled: true,
      MethodSettings: [
        {
          HttpMethod: '*',
          ResourcePath: '/*',
          MetricsEnabled: true,
          // the account's own limits: 10,000 requests a second with bursts of 5,000 (a quarter of that in some newer
          // regions); usage plans limit single callers
          ThrottlingRateLimit: 10_000,
          ThrottlingBurstLimit: 5_000,
        },
      ],
      AccessLogSetting: { DestinationArn: arnOf('AccessLogs'), Format: JSON.stringify(ACCESS_LOG) },
    },
  },
  AccessLogs: {
    Type: 'AWS::Logs::LogGroup',
    // the same as for the functions' logs
    Properties: { LogGroupName: '/spillway/${sls:stage}/access', RetentionInDays: 30 },
  },
});

/** Who requested what, and the result. Never contains a body. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  tenant: '$context.authorizer.claims.sub',
  apiKeyId: '$context.identity.apiKeyId',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  error: '$context.error.responseType',
  traceId: '$context.xrayTraceId',
};
