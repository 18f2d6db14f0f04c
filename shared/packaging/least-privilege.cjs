const XRAY = {
  Effect: 'Allow',
  Action: ['xray:PutTraceSegments', 'xray:PutTelemetryRecords'],
  // X-Ray has no resources to name
  // https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html
  Resource: '*',
};
const SHARED_ROLE = 'IamRoleLambdaExecution';

/**
 * Closes the gaps that serverless-iam-roles-per-function leaves: a function's own role may not write traces, the function
 * says twice that it depends on it, and the role that all functions would share stays in the template, with all their
 * rights and nobody using it.
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
  for (const lambda of Object.values(resources).filter(({ Type }) => Type === 'AWS::Lambda::Function')) {
    const roleId = lambda.Properties.Role?.['Fn::GetAtt']?.[0];
    lambda.DependsOn = lambda.DependsOn?.filter((id) => id !== roleId);
    const statements = resources[roleId]?.Properties.Policies?.[0]?.PolicyDocument.Statement;
    if (statements && lambda.Properties.TracingConfig?.Mode === 'Active') statements.push(XRAY);
  }
  const { [SHARED_ROLE]: shared, ...others } = resources;
  if (shared && !JSON.stringify(others).includes(`"${SHARED_ROLE}"`)) delete resources[SHARED_ROLE];
}
