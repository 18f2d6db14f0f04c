import { policyDocument, type Resource, ref, type Statement, tlsOnly } from './cloudformation.ts';

interface QueueOptions {
  QueueName: string;
  /** In seconds; SQS keeps a message for at most 14 days. */
  MessageRetentionPeriod: number;
  /** Further properties. */
  [property: string]: unknown;
}

/** A queue that is encrypted with SQS's own key. */
export const encryptedQueue = (properties: QueueOptions): Resource => ({
  Type: 'AWS::SQS::Queue',
  Properties: { ...properties, SqsManagedSseEnabled: true },
});

/** A policy for queues of the same stack. It refuses calls without TLS, and allows what the statements say. */
export const queuePolicy = (ids: string[], arns: unknown, ...statements: Statement[]): Resource => ({
  Type: 'AWS::SQS::QueuePolicy',
  Properties: { Queues: ids.map(ref), PolicyDocument: policyDocument(tlsOnly('sqs:*', arns), ...statements) },
});

/** Lets EventBridge send to a queue, for the events of a rule or for its dead letters. @param rule its ARN, in which `*` matches any text */
export const fromRule = (queueArn: unknown, rule: unknown): Statement => ({
  Effect: 'Allow',
  Principal: { Service: 'events.amazonaws.com' },
  Action: 'sqs:SendMessage',
  Resource: queueArn,
  Condition: { ArnLike: { 'aws:SourceArn': rule } },
});
