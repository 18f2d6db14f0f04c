/** A resource of a CloudFormation template. */
export interface Resource {
  Type: string;
  Properties?: Record<string, unknown>;
  DependsOn?: string | string[];
  DeletionPolicy?: string;
  UpdateReplacePolicy?: string;
}

/** A part of a template. */
export interface Stack {
  Resources?: Record<string, Resource>;
  Outputs?: Record<string, { Value: unknown }>;
}

/** A statement of an IAM policy. */
export interface Statement {
  Sid?: string;
  Effect: 'Allow' | 'Deny';
  Principal?: unknown;
  Action: string | string[];
  Resource: unknown;
  Condition?: Record<string, Record<string, unknown>>;
}

/** Refers to a resource of the same stack by its logical id. */
export const ref = (id: string) => ({ Ref: id });
export const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
export const sub = (text: string) => ({ 'Fn::Sub': text });

export const policyDocument = (...Statement: Statement[]) => ({ Version: '2012-10-17', Statement });

export const allow = (Action: string | string[], ...Resource: unknown[]): Statement => ({
  Effect: 'Allow',
  Action,
  Resource,
});

/** Denies calls without TLS to everyone. */
export const tlsOnly = (Action: string, Resource: unknown): Statement => ({
  Sid: 'TlsOnly',
  Effect: 'Deny',
  Principal: '*',
  Action,
  Resource,
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});

/** What happens to a resource that holds data when it or its stack is removed: the same for all services. */
export const HOLDS_DATA = {
  DeletionPolicy: '${self:custom.deletion.removed}',
  UpdateReplacePolicy: '${self:custom.deletion.replaced}',
};

/** The values of {@link HOLDS_DATA} by the parameter `deletionPolicy`: `Retain` on real stages, `Delete` on the local one. */
export const DELETION = {
  Retain: {
    // a first deploy that fails deletes what it had created: the names are fixed, so it could not be repeated otherwise
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html
    removed: 'RetainExceptOnCreate',
    // a replacement is never the first of its resource, so this policy has no such value
    replaced: 'Retain',
  },
  Delete: { removed: 'Delete', replaced: 'Delete' },
};

/** How long logs are kept: long enough to investigate last month's incident. */
export const LOG_RETENTION_DAYS = 30;
