import { captureAWSv3Client, setContextMissingStrategy } from 'aws-xray-sdk-core';

// outside an invocation (in a test or a script) there is no segment to add to, which is fine
setContextMissingStrategy('IGNORE_ERROR');

/** Makes a client's calls show up as subsegments of the invocation. Only this file uses the X-Ray SDK. */
export function traced<Client>(client: Client): Client {
  // the type of the SDK's parameter does not fit current clients; at run time it only adds middleware
  return captureAWSv3Client(client as Parameters<typeof captureAWSv3Client>[0]) as Client;
}
