import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PutCommand, TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { dynamo } from './dynamo.ts';

const before = { ...process.env };
const bodies: string[] = [];
const server = createServer((request, response) => {
  let body = '';
  request.setEncoding('utf8').on('data', (text) => {
    body += text;
  });
  request.on('end', () => {
    bodies.push(body);
    response.setHeader('content-type', 'application/x-amz-json-1.0').end('{}');
  });
});

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
});
afterAll(() => {
  process.env = { ...before };
  server.close();
});

it('replaces half a surrogate pair in every text of a call to DynamoDB, which would refuse it, and keeps bytes', async () => {
  const Item = { pk: 'a\uD83D', lines: [{ 'name\uD83D': '\uDC00x', pair: '😀' }], bytes: new Uint8Array([1, 2]) };
  await dynamo().send(new PutCommand({ TableName: 't', Item }));
  await dynamo().send(new TransactWriteCommand({ TransactItems: [{ Put: { TableName: 't', Item } }] }));
  const written = {
    pk: { S: 'a\uFFFD' },
    lines: { L: [{ M: { 'name\uFFFD': { S: '\uFFFDx' }, pair: { S: '😀' } } }] },
    bytes: { B: 'AQI=' },
  };
  expect(bodies.map((body) => JSON.parse(body))).toMatchObject([
    { Item: written },
    { TransactItems: [{ Put: { Item: written } }] },
  ]);
});
