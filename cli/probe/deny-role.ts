import { DeleteRolePolicyCommand, IAMClient, PutRolePolicyCommand } from '@aws-sdk/client-iam';
import { policyDocument } from '@spillway/shared/packaging/cloudformation.ts';
import type { Context } from './context.ts';
import { resourceOf, type StageResource } from './stage-resources.ts';

/** The name of the inline policy, which shows where it came from if it is ever left behind. */
const PolicyName = 'spillway-probe';

/**
 * Denies one of the stage's roles an action, until the clean-up. IAM needs some seconds to make it known.
 *
 * @returns allows the action again
 */
export async function denyRole(context: Context, role: StageResource, action: string): Promise<() => Promise<void>> {
  const iam = new IAMClient();
  const RoleName = await resourceOf(context, role);
  const document = policyDocument({ Effect: 'Deny', Action: action, Resource: '*' });
  const allowAgain = context.cleanUp.add(`delete the inline policy ${PolicyName} of ${RoleName}`, () =>
    iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })).catch((error) => {
      if (error.name !== 'NoSuchEntityException') throw error;
    }),
  );
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: JSON.stringify(document) }));
  return allowAgain;
}
