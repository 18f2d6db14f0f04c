import { createHash } from 'node:crypto';
import { arnOf, type Resource, ref, type Stack, sub } from '@spillway/shared/packaging/cloudformation.ts';

const API = ref('SocketApi');

/** The routes, and the functions behind them. Every message is the same function's, which answers what it cannot read, too. */
const ROUTES = {
  $connect: 'SocketDashconnect',
  $default: 'SocketDashmessage',
  $disconnect: 'SocketDashdisconnect',
} as const;
const AUTHORIZER = 'SocketDashauthorize';

/** Connections and messages a second, of all clients together: the account's own limit for new connections is 500. */
const REQUESTS_A_SECOND = 500;
/** What a moment may take, such as when many clients connect again at once. */
const BURST = 1000;

/** `$connect` → `Connect` */
const nameOf = (route: string) => `${route.charAt(1).toUpperCase()}${route.slice(2)}`;

const invocation = (lambda: string) =>
  sub(
    `arn:\${AWS::Partition}:apigateway:\${AWS::Region}:lambda:path/2015-03-31/functions/\${${lambda}LambdaFunction.Arn}/invocations`,
  );

const permission = (lambda: string, path: string): Resource => ({
  Type: 'AWS::Lambda::Permission',
  Properties: {
    FunctionName: arnOf(`${lambda}LambdaFunction`),
    Action: 'lambda:InvokeFunction',
    Principal: 'apigateway.amazonaws.com',
    SourceArn: sub(`arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${SocketApi}/${path}`),
  },
});

const routes: Record<string, Resource> = Object.assign(
  {},
  ...Object.entries(ROUTES).map(([route, lambda]) => ({
    [`Socket${nameOf(route)}Integration`]: {
      Type: 'AWS::ApiGatewayV2::Integration',
      Properties: { ApiId: API, IntegrationType: 'AWS_PROXY', IntegrationUri: invocation(lambda) },
    },
    [`Socket${nameOf(route)}Route`]: {
      Type: 'AWS::ApiGatewayV2::Route',
      Properties: {
        ApiId: API,
        RouteKey: route,
        Target: sub(`integrations/\${Socket${nameOf(route)}Integration}`),
        // the other routes are only reached over a connection that was let in
        ...(route === '$connect' && { AuthorizationType: 'CUSTOM', AuthorizerId: ref('SocketAuthorizer') }),
      },
    },
    [`Socket${nameOf(route)}Permission`]: permission(lambda, `*/${route}`),
  })),
);

const fixed: Record<string, Resource> = {
  SocketApi: {
    Type: 'AWS::ApiGatewayV2::Api',
    Properties: {
      Name: 'spillway-${sls:stage}-socket',
      ProtocolType: 'WEBSOCKET',
      // messages of all actions go to the route $default
      RouteSelectionExpression: '$request.body.action',
    },
  },
  SocketAuthorizer: {
    Type: 'AWS::ApiGatewayV2::Authorizer',
    Properties: {
      ApiId: API,
      Name: 'tenants',
      AuthorizerType: 'REQUEST',
      AuthorizerUri: invocation(AUTHORIZER),
      // no IdentitySource: the token is in one of two headers, and API Gateway would ask for both
    },
  },
  SocketAuthorizerPermission: permission(AUTHORIZER, 'authorizers/${SocketAuthorizer}'),
};

/** A deployment is a snapshot, so changed routes need a new one. */
const deploymentId = `SocketDeployment${createHash('sha256')
  .update(JSON.stringify([routes, fixed]))
  .digest('hex')
  .slice(0, 16)}`;

/** The WebSocket API over which clients get events. Nothing about a request is logged, because a handshake has the token. */
export const socketApi: Stack = {
  Resources: {
    ...fixed,
    ...routes,
    [deploymentId]: {
      Type: 'AWS::ApiGatewayV2::Deployment',
      DependsOn: Object.keys(routes).filter((id) => id.endsWith('Route')),
      Properties: { ApiId: API },
    },
    SocketStage: {
      Type: 'AWS::ApiGatewayV2::Stage',
      Properties: {
        ApiId: API,
        StageName: '${sls:stage}',
        DeploymentId: ref(deploymentId),
        DefaultRouteSettings: { ThrottlingRateLimit: REQUESTS_A_SECOND, ThrottlingBurstLimit: BURST },
      },
    },
  },
  Outputs: {
    SocketApiId: { Value: API },
    SocketUrl: { Value: sub('wss://${SocketApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${sls:stage}') },
  },
};

const connections = (method: 'POST' | 'DELETE') =>
  sub(
    `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${SocketApi}/\${sls:stage}/${method}/@connections/*`,
  );
/** The connections of this stage, in a permission to send to them. */
export const SEND_TO_CONNECTIONS = connections('POST');
/** The same, in a permission to close them. */
export const CLOSE_CONNECTIONS = connections('DELETE');
