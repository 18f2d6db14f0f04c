import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { buildSync } from 'esbuild';

/** A call to a table that nobody answers, as a function makes it. */
const CALL = `
  import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
  import { traced } from './tracing.ts';
  const client = traced(new DynamoDBClient({ maxAttempts: 1 }));
  client.send(new GetItemCommand({ TableName: 't', Key: { pk: { S: 'x' } } })).catch(() => {});
`;
/** Bundled, as every function is: the SDK's files are CommonJS, from which Node itself imports no names. */
const { outputFiles } = buildSync({
  stdin: { contents: CALL, resolveDir: __dirname, loader: 'ts' },
  bundle: true,
  platform: 'node',
  write: false,
});
const BUNDLE = outputFiles[0]?.text ?? '';
/** The test's own message. */
const LAST = 'the last message';
const TRACE = '1-5759e988-bd862e3fe1be46a994272793';

/** What Lambda's X-Ray daemon gets of an invocation, in Lambda's environment. */
async function sentToDaemon(traceHeader: string): Promise<Record<string, unknown>[]> {
  const daemon = createSocket('udp4');
  const received: string[] = [];
  daemon.on('message', (message) => received.push(message.toString()));
  daemon.bind(0, '127.0.0.1');
  await once(daemon, 'listening');
  const { port } = daemon.address() as AddressInfo;
  const invocation = spawn(process.execPath, ['-'], {
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {
      LAMBDA_TASK_ROOT: '/var/task',
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${port}`,
      _X_AMZN_TRACE_ID: traceHeader,
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'none',
      AWS_SECRET_ACCESS_KEY: 'none',
    },
  });
  invocation.stdin?.end(BUNDLE);
  await once(invocation, 'exit');
  // comes after all that was sent before, which may not have been read yet
  daemon.send(LAST, port, '127.0.0.1');
  while (received.at(-1) !== LAST) await once(daemon, 'message');
  daemon.close();
  return received.slice(0, -1).map((message) => JSON.parse(message.split('\n')[1] ?? ''));
}

describe('tracing in a function', () => {
  it("adds a call to AWS to the trace of the invocation, below Lambda's own segment", async () => {
    const [subsegment] = await sentToDaemon(`Root=${TRACE};Parent=53995c3f42cd8ad8;Sampled=1`);
    expect(subsegment).toMatchObject({
      trace_id: TRACE,
      parent_id: '53995c3f42cd8ad8',
      name: 'DynamoDB',
      namespace: 'aws',
      aws: { operation: 'GetItem', table_name: 't' },
    });
  });

  it.each([
    ['is not sampled', `Root=${TRACE};Parent=53995c3f42cd8ad8;Sampled=0`],
    ['is only handed on, because the function is on PassThrough', `Root=${TRACE}`],
  ])('sends nothing for an invocation whose trace %s', async (_, header) => {
    expect(await sentToDaemon(header)).toEqual([]);
  });
});
