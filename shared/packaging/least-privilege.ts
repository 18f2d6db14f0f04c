import type { Resource, Statement } from './cloudformation.ts';
import { type Serverless, TEMPLATE_COMPILED } from './plugin.ts';

const XRAY: Statement = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  // X-Ray has no resources that a policy could name
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  Resource: '*',
};
/**
 * Step Functions may assume the role only for this account:
 * https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html
 */
const OF_THIS_ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const SHARED_ROLE = 'IamRoleLambdaExecution';

/** A role as the plugins below write it. */
interface Role {
  RoleName?: string;
  AssumeRolePolicyDocument: { Statement: Statement[] };
  Policies?: { PolicyDocument: { Statement: Statement[] } }[];
}

type Resources = Record<string, Resource>;

/**
 * Fixes what serverless-iam-roles-per-function leaves open:
 *
 * - A function's role may not write traces.
 * - It may create log groups, although the template has one for each function. A group that a function created after its
 *   stack was removed would stay forever, and the next deploy would fail because the name is taken.
 * - The function depends on its role twice.
 * - The role's name can be too long.
 * - The role that all functions would share stays in the template, unused and with the permissions of all.
 *
 * It also fixes what serverless-step-functions leaves open:
 *
 * - A state machine's role may invoke every version and alias of its functions, which we do not have.
 * - A Distributed Map may read a whole bucket and change a rule of EventBridge. workflows.ts has narrower permissions.
 * - State machines of any account could use the role.
 * - The state machine depends on its role twice.
 */
export default class LeastPrivilege {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    this.hooks = { [TEMPLATE_COMPILED]: () => restrict(service.provider.compiledCloudFormationTemplate.Resources) };
  }
}

function restrict(resources: Resources): void {
  for (const resource of Object.values(resources)) {
    if (resource.Type === 'AWS::Lambda::Function') restrictFunction(resource, resources);
    if (resource.Type === 'AWS::StepFunctions::StateMachine') restrictMachine(resource, resources);
  }
  const { [SHARED_ROLE]: shared, ...others } = resources;
  if (shared && !JSON.stringify(others).includes(`"${SHARED_ROLE}"`)) delete resources[SHARED_ROLE];
}

function restrictFunction(lambda: Resource, resources: Resources): void {
  const role = takeRole(lambda, 'Role', resources);
  if (!role) return;
  delete role.RoleName;
  const statements = role.Policies?.[0]?.PolicyDocument.Statement;
  if (!statements) return;
  for (const statement of statements) {
    statement.Action = [statement.Action].flat().filter((action) => action !== 'logs:CreateLogGroup');
  }
  const tracing = lambda.Properties?.TracingConfig as { Mode?: string } | undefined;
  if (tracing?.Mode === 'Active') statements.push(XRAY);
}

function restrictMachine(machine: Resource, resources: Resources): void {
  const role = takeRole(machine, 'RoleArn', resources);
  if (!role) return;
  for (const statement of role.AssumeRolePolicyDocument.Statement) statement.Condition = OF_THIS_ACCOUNT;
  const document = role.Policies?.[0]?.PolicyDocument;
  if (!document) return;
  for (const statement of document.Statement) {
    if (Array.isArray(statement.Resource)) {
      statement.Resource = statement.Resource.filter((arn) => typeof arn === 'string' || !('Fn::Sub' in arn));
    }
  }
  document.Statement = document.Statement.filter(({ Resource }) => !Array.isArray(Resource) || Resource.length > 0);
}

/** Finds the role that a resource refers to, and removes the redundant dependency on it. */
function takeRole(resource: Resource, property: 'Role' | 'RoleArn', resources: Resources): Role | undefined {
  const reference = resource.Properties?.[property] as { 'Fn::GetAtt'?: [string, string] } | undefined;
  const id = reference?.['Fn::GetAtt']?.[0];
  if (!id) return undefined;
  const others = [resource.DependsOn ?? []].flat().filter((each) => each !== id);
  // CloudFormation documents a string or a list of strings, but not an empty list
  if (others.length > 0) resource.DependsOn = others;
  else delete resource.DependsOn;
  return resources[id]?.Properties as unknown as Role | undefined;
}
