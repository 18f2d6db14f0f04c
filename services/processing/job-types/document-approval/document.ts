import { deflateRawSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import type { RunStep, RunStepOf, StepJob } from '@spillway/shared/attempt/job-code.ts';
import type documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import { pageOf } from './page.ts';

/** A document in the documents table. */
export interface DocumentRow {
  state: 'DRAFT' | 'PUBLISHED' | 'WITHDRAWN';
  /** The newest attempt at the job: a replayed job starts with a new draft. */
  attempt: number;
  title: string;
  /** The page, deflated (RFC 1951), of a published document. */
  page?: Uint8Array;
  /** Set by a lawyer: the document must not be published until it is removed. */
  held?: boolean;
}

/** The documents table and a client for it. */
export interface DocumentsTable {
  dynamo: DynamoDBDocumentClient;
  table: string;
}

/** One document for each job. */
const documentKey = ({ tenant, id }: Pick<StepJob, 'tenant' | 'id'>) => ({ pk: `document#${tenant}#${id}` });

interface Change {
  set: string;
  condition: string;
  values: Record<string, unknown>;
}

/** @returns false if the condition fails */
async function change({ dynamo, table }: DocumentsTable, job: StepJob, { set, condition, values }: Change) {
  try {
    await dynamo.send(
      new UpdateCommand({
        TableName: table,
        Key: documentKey(job),
        UpdateExpression: `SET #state = :state, attempt = :attempt, ${set}`,
        ConditionExpression: condition,
        ExpressionAttributeNames: { '#state': 'state' },
        ExpressionAttributeValues: { ':attempt': job.attempt, ...values },
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}

/**
 * Enters the document as a draft and makes its page, which can be longer than a workflow's state may be.
 *
 * @throws PermanentJobError DOCUMENT_WITHDRAWN if the workflow has given the document up
 */
export function prepare(documents: DocumentsTable): RunStepOf<typeof documentApproval, { page: string }> {
  return async ({ title, text }, job) => {
    const entered = await change(documents, job, {
      set: 'title = :title',
      condition: 'attribute_not_exists(pk) OR attempt < :attempt OR (attempt = :attempt AND #state = :state)',
      values: { ':state': 'DRAFT', ':title': title },
    });
    if (!entered) throw new PermanentJobError('DOCUMENT_WITHDRAWN', 'the document is no longer a draft');
    return { page: pageOf(title, text) };
  };
}

/**
 * Publishes the page. Publishing it again changes nothing.
 *
 * @throws PermanentJobError NOT_PUBLISHABLE if the document is held, or is no longer a draft
 */
export function publish(documents: DocumentsTable): RunStep<{ page: string }, void> {
  return async ({ page }, job) => {
    const published = await change(documents, job, {
      set: 'page = :page',
      condition: 'attempt = :attempt AND #state IN (:draft, :state) AND attribute_not_exists(held)',
      values: { ':state': 'PUBLISHED', ':draft': 'DRAFT', ':page': deflateRawSync(page) },
    });
    if (!published) throw new PermanentJobError('NOT_PUBLISHABLE', 'the document is held or was withdrawn');
  };
}

/** Withdraws the document, whatever became of it. A step that comes late can no longer publish it. */
export function withdraw(documents: DocumentsTable): RunStepOf<typeof documentApproval, void> {
  return async ({ title }, job) => {
    await change(documents, job, {
      set: 'title = :title',
      condition: 'attribute_not_exists(pk) OR attempt <= :attempt',
      values: { ':state': 'WITHDRAWN', ':title': title },
    });
  };
}
