import { SQSClient } from '@aws-sdk/client-sqs';
import { TIMEOUTS } from './timeouts.ts';
import { traced } from './tracing.ts';

export const sqs = () => traced(new SQSClient(TIMEOUTS));
