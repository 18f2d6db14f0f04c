/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_RESOURCES = 500;
const MOST_OUTPUTS = 200;
const LONGEST_TEMPLATE_BYTES = 1024 * 1024;
/** https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html */
const LONGEST_FUNCTION_NAME = 64;

/** A compiled template, as far as the limits go. */
interface Template {
  Resources: Record<string, { Type: string; Properties?: { FunctionName?: unknown } }>;
  Outputs?: Record<string, unknown>;
}

const SPLIT = 'split its job types over two services';

/** What of AWS's limits a template breaks, with the mend; undefined if nothing. */
export function stackProblem(template: Template): string | undefined {
  const { Resources, Outputs = {} } = template;
  const resources = Object.keys(Resources).length;
  if (resources > MOST_RESOURCES)
    return `the stack has ${resources} resources and AWS takes ${MOST_RESOURCES}: ${SPLIT}`;
  const outputs = Object.keys(Outputs).length;
  if (outputs > MOST_OUTPUTS) return `the stack has ${outputs} outputs and AWS takes ${MOST_OUTPUTS}: ${SPLIT}`;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  if (bytes > LONGEST_TEMPLATE_BYTES) return `the template has ${bytes} bytes and AWS takes 1 MiB: ${SPLIT}`;
  const long = functionNames(template).find((name) => name.length > LONGEST_FUNCTION_NAME);
  if (!long) return undefined;
  const mend = 'shorten the stage, the job type or the step';
  return `the function name ${long} has ${long.length} characters and AWS takes ${LONGEST_FUNCTION_NAME}: ${mend}`;
}

const functionNames = ({ Resources }: Template): string[] =>
  Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => Properties?.FunctionName)
    .filter((name) => typeof name === 'string');
