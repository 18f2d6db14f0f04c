import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { CannotSay } from './cannot-say.ts';
import type { Context } from './context.ts';

/** What the probes need of a stage besides its front door and its lanes: the service and the logical id of each. */
export const STAGE_RESOURCES = {
  jobsTable: ['processing', 'JobsTable'],
  ledgerTable: ['processing', 'LedgerTable'],
  ordersTable: ['processing', 'OrdersTable'],
  archive: ['processing', 'ArchiveBucket'],
  payloads: ['processing', 'PayloadBucket'],
  alarmTopic: ['processing', 'AlarmTopic'],
  /** Never goes off while a stage is probed, so that a probe may set it off. */
  quietAlarm: ['processing', 'CsvImportForgottenAlarm'],
  throttledAlarm: ['processing', 'WebhookDeliveryThrottledAlarm'],
  ageAlarm: ['processing', 'WebhookDeliveryAgeAlarm'],
  submitRole: ['ingress', 'SubmitRole'],
  publisherRole: ['streams', 'OnDashjobDashchangedIamRoleLambdaExecution'],
} as const;

export type StageResource = keyof typeof STAGE_RESOURCES;

/** The name of a resource of the stage, or its ARN if it is a topic. @throws CannotSay if its service is not deployed */
export async function resourceOf({ stage }: Pick<Context, 'stage'>, resource: StageResource): Promise<string> {
  const [service, LogicalResourceId] = STAGE_RESOURCES[resource];
  const StackName = `${service}-${stage.name}`;
  try {
    const { StackResourceDetail } = await new CloudFormationClient().send(
      new DescribeStackResourceCommand({ StackName, LogicalResourceId }),
    );
    return StackResourceDetail?.PhysicalResourceId ?? '';
  } catch (error) {
    throw new CannotSay(`the stack ${StackName} has no ${LogicalResourceId} (${(error as Error).message})`);
  }
}
