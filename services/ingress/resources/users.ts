import { SCOPE_SERVER, SCOPES } from '@spillway/shared/contracts/scopes.ts';
import { HOLDS_DATA, ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';

/** Must be unique among all accounts of a region. */
const TOKEN_DOMAIN = 'spillway-${sls:stage}-${self:custom.accountId}';

/** Where callers get their tokens. */
const TOKEN_URL = `https://${TOKEN_DOMAIN}.auth.\${aws:region}.amazoncognito.com/oauth2/token`;

/**
 * The token URL in the API description. The local engine has no Cognito domain, and a client must not send its secret to
 * the internet; there, the URL is relative, and so on whatever port the engine has.
 */
export const TOKEN_URLS = { default: TOKEN_URL, local: '/oauth2/token' };

/** The callers. Each has an app client (client credentials) with scopes, which `spillway tenant create` makes. */
export const users: Stack = {
  Resources: {
    UserPool: {
      Type: 'AWS::Cognito::UserPool',
      // its clients are the tenants
      ...HOLDS_DATA,
      Properties: {
        UserPoolName: 'spillway-${sls:stage}',
        // callers are machines, so nobody signs up
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: true },
      },
    },
    JobsScopes: {
      Type: 'AWS::Cognito::UserPoolResourceServer',
      Properties: {
        UserPoolId: ref('UserPool'),
        Identifier: SCOPE_SERVER,
        Name: SCOPE_SERVER,
        Scopes: Object.entries(SCOPES).map(([scope, { description }]) => ({
          ScopeName: scope.slice(`${SCOPE_SERVER}/`.length),
          ScopeDescription: description,
        })),
      },
    },
    TokenDomain: {
      Type: 'AWS::Cognito::UserPoolDomain',
      Properties: { Domain: TOKEN_DOMAIN, UserPoolId: ref('UserPool') },
    },
  },
  Outputs: {
    UserPoolId: { Value: ref('UserPool') },
    TokenUrl: { Value: TOKEN_URL },
  },
};
