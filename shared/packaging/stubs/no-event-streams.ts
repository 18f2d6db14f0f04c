/**
 * We call no operation that streams events, and the SDK's code for it costs 7 KB per zip and 3 ms per start. A client that has
 * such an operation, as Kinesis has, sets itself up with these, and would use them only in that operation.
 */
export const resolveEventStreamSerdeConfig = <Config>(config: Config): Config => config;

export function eventStreamSerdeProvider(): never {
  throw new Error('This bundle leaves out event streams: remove their alias from shared/packaging/esbuild.ts.');
}

/** What the SDK loads when an operation streams events. */
export class EventStreamSerde {
  constructor() {
    eventStreamSerdeProvider();
  }
}
