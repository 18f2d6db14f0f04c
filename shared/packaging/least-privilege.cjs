const XRAY = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  // X-Ray has no resources to name
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  Resource: '*',
};
/** Step Functions acts for this account's machines only: https://docs.aws.amazon.com/step-functions/latest/dg/procedure-create-iam-role.html */
const OF_THIS_ACCOUNT = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const SHARED_ROLE = 'IamRoleLambdaExecution';

/**
 * Closes the gaps that serverless-iam-roles-per-function leaves: a function's own role may not write traces but may make
 * log groups, although its own is in the template (one that it made after the stack was removed would be kept for ever, and
 * refuse the next deploy its name), the function says twice that it depends on it, its role has a name that can be too long,
 * and the role that all functions would share stays in the template, with all their rights and nobody using it.
 *
 * And those of serverless-step-functions: a state machine's role may also invoke every version and alias of its functions, of
 * which we have none, any account's state machine could be given it, and the machine says twice that it depends on it.
 */
module.exports = class LeastPrivilege {
  constructor(serverless) {
    this.hooks = {
      'before:aws:package:finalize:saveServiceState': () =>
        restrict(serverless.service.provider.compiledCloudFormationTemplate.Resources),
    };
  }
};

function restrict(resources) {
  const all = Object.values(resources);
  for (const lambda of all.filter(({ Type }) => Type === 'AWS::Lambda::Function')) restrictFunction(lambda, resources);
  for (const machine of all.filter(({ Type }) => Type === 'AWS::StepFunctions::StateMachine')) {
    restrictMachine(machine, resources);
  }
  const { [SHARED_ROLE]: shared, ...others } = resources;
  if (shared && !JSON.stringify(others).includes(`"${SHARED_ROLE}"`)) delete resources[SHARED_ROLE];
}

function restrictFunction(lambda, resources) {
  const roleId = lambda.Properties.Role?.['Fn::GetAtt']?.[0];
  lambda.DependsOn = without(roleId, lambda.DependsOn);
  delete resources[roleId]?.Properties.RoleName;
  const statements = resources[roleId]?.Properties.Policies?.[0]?.PolicyDocument.Statement;
  if (!statements) return;
  for (const statement of statements) {
    statement.Action = [statement.Action].flat().filter((action) => action !== 'logs:CreateLogGroup');
  }
  if (lambda.Properties.TracingConfig?.Mode === 'Active') statements.push(XRAY);
}

function restrictMachine(machine, resources) {
  const roleId = machine.Properties.RoleArn['Fn::GetAtt'][0];
  machine.DependsOn = without(roleId, machine.DependsOn);
  const role = resources[roleId].Properties;
  for (const statement of role.AssumeRolePolicyDocument.Statement) statement.Condition = OF_THIS_ACCOUNT;
  for (const statement of role.Policies[0].PolicyDocument.Statement) {
    if (Array.isArray(statement.Resource)) statement.Resource = statement.Resource.filter((arn) => !('Fn::Sub' in arn));
  }
}

/** CloudFormation knows a string or a list of strings there; nothing says that a list may be empty. */
const without = (id, ids = []) => {
  const others = ids.filter((each) => each !== id);
  return others.length > 0 ? others : undefined;
};
