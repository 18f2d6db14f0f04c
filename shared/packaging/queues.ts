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
