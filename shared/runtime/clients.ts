import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { TIMEOUTS } from './timeouts.ts';
import { traced } from './tracing.ts';

/** The jobs table's and other tables' client; `undefined` fields are left out of what is written. */
export const dynamo = () =>
  DynamoDBDocumentClient.from(traced(new DynamoDBClient(TIMEOUTS)), {
    marshallOptions: { removeUndefinedValues: true },
  });
