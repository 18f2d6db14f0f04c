import { KinesisClient } from '@aws-sdk/client-kinesis';
import { NodeHttpHandler, type NodeHttpHandlerOptions } from '@smithy/node-http-handler';

/**
 * A client of Kinesis over HTTP/1.1, as those of all other services are. By default it uses HTTP/2, whose handler knows other
 * timeouts.
 */
export const kinesisClient = (options: NodeHttpHandlerOptions = {}) =>
  new KinesisClient({ requestHandler: new NodeHttpHandler(options) });
