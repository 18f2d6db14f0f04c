import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { openCase } from '../../cases/open-case.ts';

const { CASES_TABLE } = environment({ CASES_TABLE: z.string() });
const client = dynamo();

/** Opens a case for each event. Only those that failed come again, and after five times go to the dead-letter queue. */
export async function handler({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const batchItemFailures: SQSBatchResponse['batchItemFailures'] = [];
  for (const { messageId, body } of Records) {
    try {
      await openCase(client, CASES_TABLE, JobEvent.parse(JSON.parse(body)));
    } catch (error) {
      logger.error('could not open a case', { messageId, error: error as Error });
      batchItemFailures.push({ itemIdentifier: messageId });
    }
  }
  return { batchItemFailures };
}
