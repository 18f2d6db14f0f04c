// Only the parts of the SDK that a function uses: its index also has the agents of EC2 and ECS and the patches of HTTP, AWS
// SDK 2 and promises, which are 5 KB of every zip.
import { setContextMissingStrategy } from 'aws-xray-sdk-core/dist/lib/context_utils.js';
import { init } from 'aws-xray-sdk-core/dist/lib/env/aws_lambda.js';
import { captureAWSClient } from 'aws-xray-sdk-core/dist/lib/patchers/aws3_p.js';

// as the SDK's index does: the segment of an invocation is Lambda's, and subsegments are added to it
if (process.env.LAMBDA_TASK_ROOT) init();
// outside an invocation (in a test or a script) there is no segment to add to, which is fine
setContextMissingStrategy('IGNORE_ERROR');

/** Makes a client's calls show up as subsegments of the invocation. Only this file uses the X-Ray SDK. */
export function traced<Client>(client: Client): Client {
  // the type of the SDK's parameter does not fit current clients; at run time it only adds middleware
  return captureAWSClient(client as Parameters<typeof captureAWSClient>[0]) as Client;
}
