/**
 * For the clients of AWS, but for Step Functions', which answers when a workflow ends. By default the SDK waits without end, so one
 * lost connection would hold a batch until its function ends, as if all its attempts had vanished. These calls take
 * milliseconds, and each of them is safe to make again.
 */
export const TIMEOUTS = {
  requestHandler: { connectionTimeout: 2000, requestTimeout: 5000, throwOnRequestTimeout: true },
};
