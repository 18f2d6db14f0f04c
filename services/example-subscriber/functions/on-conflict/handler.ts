import { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { dynamo } from '@spillway/shared/runtime/dynamo.ts';
import { environment } from '@spillway/shared/runtime/environment.ts';
import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import { openCase } from '../../cases/open-case.ts';

const { CASES_TABLE } = environment({ CASES_TABLE: z.string() });
const client = dynamo();

/** Opens a case for the event of the message. If that fails, Lambda tries again twice, and then the dead-letter queue gets it. */
export async function handler({ Records }: SNSEvent): Promise<void> {
  for (const { Sns } of Records) await openCase(client, CASES_TABLE, JobEvent.parse(JSON.parse(Sns.Message)));
}
