import type { Resource } from './cloudformation.ts';

/** What the pseudo parameters stand for; the region is one of the longest. */
const PSEUDO: Record<string, string> = {
  Partition: 'aws',
  Region: 'ap-southeast-1',
  AccountId: '000000000000',
  URLSuffix: 'amazonaws.com',
};
/** The properties that name a resource. CloudFormation makes the names that we leave out. */
const NAMES = ['QueueName', 'TableName', 'BucketName', 'FunctionName', 'TopicName', 'DeliveryStreamName', 'Name'];
/** About as long as the names that CloudFormation makes from the stack, the logical id and a random part. */
const MADE_NAME = 'x'.repeat(64);

/** About how many characters the inline policies of a role have on AWS, where its references are ARNs. */
export function roleCharacters({ Type, Properties }: Resource, resources: Record<string, Resource>): number {
  if (Type !== 'AWS::IAM::Role') return 0;
  const policies = (Properties?.Policies ?? []) as { PolicyDocument: unknown }[];
  return policies.reduce(
    (sum, { PolicyDocument }) => sum + JSON.stringify(resolved(PolicyDocument, resources)).length,
    0,
  );
}

/** A part of a policy, with its references resolved. */
function resolved(part: unknown, resources: Record<string, Resource>): unknown {
  if (Array.isArray(part)) return part.map((each) => resolved(each, resources));
  if (typeof part !== 'object' || part === null) return part;
  const [[name, value] = []] = Object.entries(part);
  if (name === 'Ref') return pseudo(String(value)) ?? arn(String(value), resources);
  if (name === 'Fn::GetAtt') return arn((value as string[])[0] ?? '', resources);
  if (name === 'Fn::Sub') return filled(value, resources);
  return Object.fromEntries(Object.entries(part).map(([key, each]) => [key, resolved(each, resources)]));
}

const pseudo = (name: string) => PSEUDO[name.replace('AWS::', '')];

const filled = (value: unknown, resources: Record<string, Resource>) =>
  String([value].flat()[0]).replace(
    /\$\{([^}]+)\}/g,
    (_, name: string) => pseudo(name) ?? arn(name.replace(/\.Arn$/, ''), resources),
  );

function arn(id: string, resources: Record<string, Resource>): string {
  const { Type = '', Properties = {} } = resources[id] ?? {};
  const name = NAMES.map((each) => Properties[each]).find((each) => typeof each === 'string') ?? MADE_NAME;
  return `arn:aws:${Type.split('::')[1]?.toLowerCase()}:${PSEUDO.Region}:${PSEUDO.AccountId}:${name}`;
}
