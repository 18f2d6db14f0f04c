import type { Resource } from './cloudformation.ts';
import { PackagingError } from './errors.ts';
import type { CompiledTemplate, Serverless } from './plugin.ts';
import { TEMPLATE_COMPILED } from './plugin.ts';
import { roleCharacters } from './policy-size.ts';

/** https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html */
const MOST_RESOURCES = 500;
const MOST_OUTPUTS = 200;
const LONGEST_TEMPLATE_BYTES = 1024 * 1024;
/** Our names that can become too long, by resource type. */
const NAMES: Record<string, { property: string; longest: number }> = {
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
  'AWS::Lambda::Function': { property: 'FunctionName', longest: 64 },
  // https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
  'AWS::S3::Bucket': { property: 'BucketName', longest: 63 },
};

/**
 * All inline policies of a role together, without white space:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */
const MOST_POLICY_CHARACTERS = 10_240;

const SPLIT = 'split its job types over two services';

/** Makes packaging fail if AWS would refuse the stack, before anything is deployed. */
export default class StackLimits {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    this.hooks = {
      [TEMPLATE_COMPILED]: () => {
        const problem = stackProblem(service.provider.compiledCloudFormationTemplate);
        if (problem) throw new PackagingError(problem);
      },
    };
  }
}

/** The AWS limit that the template exceeds and how to fix it, or undefined. */
export function stackProblem(template: CompiledTemplate): string | undefined {
  const { Resources, Outputs = {} } = template;
  const resources = Object.keys(Resources).length;
  if (resources > MOST_RESOURCES)
    return `the stack has ${resources} resources, but AWS allows ${MOST_RESOURCES}: ${SPLIT}`;
  const outputs = Object.keys(Outputs).length;
  if (outputs > MOST_OUTPUTS) return `the stack has ${outputs} outputs, but AWS allows ${MOST_OUTPUTS}: ${SPLIT}`;
  const bytes = Buffer.byteLength(JSON.stringify(template));
  if (bytes > LONGEST_TEMPLATE_BYTES) return `the template has ${bytes} bytes, but AWS allows 1 MiB: ${SPLIT}`;
  return Object.values(Resources).map(nameProblem).find(Boolean) ?? policyProblem(Resources);
}

function nameProblem({ Type, Properties = {} }: Resource): string | undefined {
  const { property, longest } = NAMES[Type] ?? { property: '', longest: 0 };
  const name = Properties[property];
  if (typeof name !== 'string') return undefined;
  if (name.length > longest) {
    return `the ${property} ${name} has ${name.length} characters, but AWS allows ${longest}: use a shorter name for the stage, the job type or the step`;
  }
  if (Type === 'AWS::S3::Bucket' && !/^[a-z0-9-]+$/.test(name)) {
    return `AWS does not allow the ${property} ${name}: use only lower-case letters, digits and dashes in the stage's name`;
  }
  return undefined;
}

function policyProblem(resources: Record<string, Resource>): string | undefined {
  for (const [id, resource] of Object.entries(resources)) {
    const characters = roleCharacters(resource, resources);
    if (characters <= MOST_POLICY_CHARACTERS) continue;
    return `the policies of the role ${id} have about ${characters} characters, but AWS allows ${MOST_POLICY_CHARACTERS}: ${SPLIT}`;
  }
  return undefined;
}
