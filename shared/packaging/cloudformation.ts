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

/** What happens to a resource when it or its stack is removed. */
export const deletion = (policy: string) => ({ DeletionPolicy: policy, UpdateReplacePolicy: policy });

/** The stage's deletion policy: `Retain` on real stages, `Delete` on the local engine (service.ts). */
export const DELETION_POLICY = '${param:deletionPolicy}';
