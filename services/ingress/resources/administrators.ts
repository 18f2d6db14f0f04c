import { allow, policyDocument, ref, type Stack, sub } from '@spillway/shared/packaging/cloudformation.ts';
import { ADMIN_PATH } from './light-routes.ts';

/**
 * The right to call the routes for administrators, to attach to the roles of those who operate the stage. It has no name of
 * its own, because IAM's names are the same in all regions.
 */
export const administrators: Stack = {
  Resources: {
    AdminPolicy: {
      Type: 'AWS::IAM::ManagedPolicy',
      Properties: {
        Description: 'Calls the routes for administrators of spillway-${sls:stage}.',
        PolicyDocument: policyDocument(
          allow(
            'execute-api:Invoke',
            sub(
              `arn:\${AWS::Partition}:execute-api:\${AWS::Region}:\${AWS::AccountId}:\${Api}/\${sls:stage}/*${ADMIN_PATH}/*`,
            ),
          ),
        ),
      },
    },
  },
  Outputs: { AdminPolicyArn: { Value: ref('AdminPolicy') } },
};
