import { captureAWSv3Client, setContextMissingStrategy } from 'aws-xray-sdk-core';

// outside an invocation (a test, a script) there is no segment to add to, and that is no error
setContextMissingStrategy('IGNORE_ERROR');

/** The only place that knows the X-Ray SDK: a client whose calls show up as subsegments of the invocation. */
export function traced<Client>(client: Client): Client {
  // the SDK's declared parameter predates today's client types; at run time it only adds middleware
  return captureAWSv3Client(client as Parameters<typeof captureAWSv3Client>[0]) as Client;
}
