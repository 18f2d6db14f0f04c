import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TIMEOUTS } from './aws.ts';
import { traced } from './tracing.ts';

/**
 * The client of the jobs table and of other tables; `undefined` fields are left out of what is written.
 *
 * Not in aws.ts: `lib-dynamodb` does not say that it is free of side effects, so the bundler would put it and the client
 * behind it (10 KB a zip) into every function that imports another client.
 */
export const dynamo = () =>
  DynamoDBDocumentClient.from(traced(new DynamoDBClient(TIMEOUTS)), {
    marshallOptions: { removeUndefinedValues: true },
  });
