import { SFNClient } from '@aws-sdk/client-sfn';
import { traced } from './tracing.ts';

/**
 * Starts workflows, each at most once: whether to try again is the lane's decision.
 *
 * AWS_DISABLE_HOST_PREFIX_INJECTION is an AWS setting for endpoints of one's own, which the SDK for JavaScript does not read
 * by itself (https://docs.aws.amazon.com/sdkref/latest/guide/feature-host-prefix.html).
 */
export const workflows = () =>
  traced(
    new SFNClient({ maxAttempts: 1, disableHostPrefix: process.env.AWS_DISABLE_HOST_PREFIX_INJECTION === 'true' }),
  );
