import { ApiGatewayManagementApiClient } from '@aws-sdk/client-apigatewaymanagementapi';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SFNClient } from '@aws-sdk/client-sfn';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { kinesisClient } from '../events/kinesis-client.ts';
import { awsDomain } from './aws-domain.ts';
import { traced } from './tracing.ts';

/**
 * Timeouts of every client except the one for Express workflows, which answers only when a workflow ends. By default the SDK
 * waits forever, so one lost connection would hold a batch until its function ends, as if all its attempts had vanished.
 * These calls take milliseconds. The SDK repeats a call that timed out, which may have been made: a repeated write finds
 * its condition not met, and a repeated event or message has the same id.
 */
export const TIMEOUTS = {
  requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
};

export const eventBridge = () => traced(new EventBridgeClient(TIMEOUTS));
/**
 * Firehose has no ids and stores a repeated call's records twice, so a call gets most of the 20 s of a delivery
 * (shared/runtime/stream/delivery.ts, docs/decisions/2026-11-27-why-a-fact-is-stored-twice.md).
 */
export const firehose = () =>
  traced(new FirehoseClient({ requestHandler: { ...TIMEOUTS.requestHandler, requestTimeout: 15_000 } }));
export const kinesis = () => traced(kinesisClient(TIMEOUTS.requestHandler));
export const scheduler = () => traced(new SchedulerClient(TIMEOUTS));
export const sns = () => traced(new SNSClient(TIMEOUTS));
export const sqs = () => traced(new SQSClient(TIMEOUTS));

/** The client for Standard workflows: starting one twice does nothing, so the SDK may repeat its calls. */
export const standardWorkflows = () => traced(new SFNClient(TIMEOUTS));

/**
 * The client that runs Express workflows, each at most once: the lane decides whether to try again.
 *
 * AWS_DISABLE_HOST_PREFIX_INJECTION is an AWS setting for custom endpoints, which the SDK for JavaScript does not read by
 * itself (https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html).
 */
export const stepFunctions = () =>
  traced(
    new SFNClient({ maxAttempts: 1, disableHostPrefix: process.env.AWS_DISABLE_HOST_PREFIX_INJECTION === 'true' }),
  );

/**
 * The client that sends to the connections of a WebSocket API and closes them. It waits for a second, because others wait
 * behind a slow connection, and does not repeat a call: the caller decides whether that is worth it.
 */
export function socketConnections(apiId: string, stage: string) {
  const { AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI, AWS_ENDPOINT_URL, AWS_REGION = '' } = process.env;
  const own = `https://${apiId}.execute-api.${AWS_REGION}.${awsDomain(AWS_REGION)}`;
  return traced(
    new ApiGatewayManagementApiClient({
      endpoint: `${AWS_ENDPOINT_URL_APIGATEWAYMANAGEMENTAPI ?? AWS_ENDPOINT_URL ?? own}/${stage}`,
      maxAttempts: 1,
      requestHandler: { connectionTimeout: 1000, requestTimeout: 1000, throwOnRequestTimeout: true },
    }),
  );
}

/** A queue's URL from its ARN (arn:aws:sqs:region:account:name), at the endpoint that the clients use. */
export function queueUrlOf(queueArn: string): string {
  const [, , , region = '', account, name] = queueArn.split(':');
  const endpoint =
    process.env.AWS_ENDPOINT_URL_SQS ?? process.env.AWS_ENDPOINT_URL ?? `https://sqs.${region}.${awsDomain(region)}`;
  return `${endpoint}/${account}/${name}`;
}

/** Another queue's ARN in the same account and region. */
export const siblingQueue = (queueArn: string, name: string) => queueArn.replace(/[^:]*$/, name);
