import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TIMEOUTS } from './aws.ts';
import { traced } from './tracing.ts';
import { withWellFormedTexts } from './well-formed.ts';

/**
 * The client of the jobs table and of other tables. Fields that are `undefined` are not written. Texts become well-formed.
 *
 * It is not in aws.ts, because `lib-dynamodb` does not declare that it is free of side effects: the bundler would put it
 * and its client (10 KB per zip) into every function that imports another client.
 */
export const dynamo = () =>
  DynamoDBDocumentClient.from(withWellFormedTexts(traced(new DynamoDBClient(TIMEOUTS))), {
    marshallOptions: { removeUndefinedValues: true },
  });
