import { arnOf, LOG_RETENTION_DAYS, type Resource, ref } from '@spillway/shared/packaging/cloudformation.ts';
import { API } from './methods.ts';
import type { OpenMethod } from './open-methods.ts';

/**
 * The account's own limits, which all its APIs in a region share: 10,000 requests a second with bursts of 5,000 (a quarter
 * of that in some newer regions). Usage plans limit single callers.
 */
const ACCOUNT_THROTTLE = { ThrottlingRateLimit: 10_000, ThrottlingBurstLimit: 5_000 };
/**
 * Nobody needs a token for these methods, so a flood of them must not use up what tenants pay for: together they take at
 * most 800 requests a second, 8 % of the account's. For what they are for, somebody who reads the API description or
 * mistypes a path, one a second would do.
 */
const OPEN_THROTTLE = { ThrottlingRateLimit: 50, ThrottlingBurstLimit: 100 };

/** The API's stage, with throttles and access logs. */
export const stage = (deploymentId: string, openMethods: readonly OpenMethod[]): Record<string, Resource> => ({
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
        // metrics per method would cost $1.50 a month for each method in use; the alarm uses those of the stage, which
        // are free, and the access log has the rest
        { HttpMethod: '*', ResourcePath: '/*', MetricsEnabled: false, ...ACCOUNT_THROTTLE },
        ...openMethods.map(({ path, verb }) => ({
          HttpMethod: verb,
          ResourcePath: settingPath(path),
          MetricsEnabled: false,
          ...OPEN_THROTTLE,
        })),
      ],
      AccessLogSetting: { DestinationArn: arnOf('AccessLogs'), Format: JSON.stringify(ACCESS_LOG) },
    },
  },
  AccessLogs: {
    Type: 'AWS::Logs::LogGroup',
    Properties: { LogGroupName: '/spillway/${sls:stage}/access', RetentionInDays: LOG_RETENTION_DAYS },
  },
});

/**
 * A path as method settings have it, with every slash but a leading one as `~1`:
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-apigateway-stage-methodsetting.html
 */
const settingPath = (path: string) => (path === '/' ? path : `/${path.replaceAll('/', '~1')}`);

/** Who requested what, and the result. Never contains a body. */
const ACCESS_LOG = {
  requestId: '$context.requestId',
  // AWS's support asks for it
  extendedRequestId: '$context.extendedRequestId',
  tenant: '$context.authorizer.claims.sub',
  apiKeyId: '$context.identity.apiKeyId',
  // the administrator who signed the request
  administrator: '$context.identity.userArn',
  method: '$context.httpMethod',
  resource: '$context.resourcePath',
  status: '$context.status',
  latencyMs: '$context.responseLatency',
  error: '$context.error.responseType',
  // what SQS or the function answered, and why it did not, such as a missing permission
  integrationStatus: '$context.integration.status',
  integrationLatencyMs: '$context.integrationLatency',
  integrationError: '$context.integration.error',
  traceId: '$context.xrayTraceId',
};
