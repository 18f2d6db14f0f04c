import { contractOf } from '@spillway/shared/contracts/contract-of.ts';
import { sqs } from '@spillway/shared/runtime/aws.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import { laneUrls } from '@spillway/shared/runtime/lane/lane-urls.ts';
import { type NewMessage, type SendFailure, sendAll } from '@spillway/shared/runtime/lane/send-all.ts';
import { logger } from '@spillway/shared/runtime/logging.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { answer, callerOf, headerOf } from '../../light-function.ts';
import { submitBatch } from './submit-batch.ts';

const { LANES_ARN, STAGE } = environment({ LANES_ARN: z.string(), STAGE: z.string() });
const queue = sqs();
const urlOf = laneUrls(LANES_ARN, STAGE);

/** Sends messages, and logs why the lane did not take some, which the caller only learns in part. */
async function send(queueUrl: string, messages: readonly NewMessage[]): Promise<SendFailure[]> {
  const failures = await sendAll(queue, queueUrl, messages);
  const codes = [...new Set(failures)].filter(Boolean);
  if (codes.length > 0) logger.warn('the lane did not take every job of a batch', { queueUrl, codes });
  return failures;
}

export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => {
    const { tenant, type } = callerOf(event);
    const { requestId, requestTimeEpoch, path } = event.requestContext;
    const jobType = await contractOf(type);
    const queueUrl = urlOf(jobType);
    return submitBatch(
      {
        tenant,
        requestId,
        acceptedAt: requestTimeEpoch,
        // the path of the job type
        path: path.replace(/\/batch\/*$/, ''),
        header: (name) => headerOf(event, name),
        body: event.body ?? '',
      },
      { jobType, send: (messages) => send(queueUrl, messages) },
    );
  });
