/** The SDK has no types for this file. */
declare module 'aws-xray-sdk-core/dist/lib/env/aws_lambda.js' {
  export function init(): void;
}
