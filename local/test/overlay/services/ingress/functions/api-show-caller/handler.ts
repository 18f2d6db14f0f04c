import type { APIGatewayProxyEvent } from 'aws-lambda';
import { administratorOf, answer } from '../../light-function.ts';

/** Answers who signed the request. */
export const handler = (event: APIGatewayProxyEvent) =>
  answer(event, async () => ({ arn: administratorOf(event), name: event.pathParameters?.name }));
