import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import fc from 'fast-check';
import { PermanentJobError } from '../../attempt/errors.ts';
import type { Job } from '../../attempt/job-code.ts';
import { laneOf } from '../../contracts/lane.ts';
import { WORKFLOW_INPUT_BYTES } from '../../contracts/run-kinds.ts';
import { sampleJob } from '../../testing/sample-job.ts';
import { sampleType } from '../../testing/workbench.ts';
import { stepFunctions } from '../aws.ts';
import { executing, workflowInput } from './workflow.ts';

const ARN = 'arn:aws:states:eu-west-1:000000000000:stateMachine:sample';
const jobWith = (changes: Partial<Job> = {}) =>
  sampleJob({
    attempt: 25,
    acceptedAt: new Date(1_790_000_000_000),
    ...changes,
  });

const servers: Server[] = [];
const before = { ...process.env };
afterEach(() => {
  process.env = { ...before };
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

/** Runs a job against a server that answers like Step Functions, at an address without subdomains. */
async function runAgainst(answer: RequestListener) {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  return executing<unknown, unknown>(stepFunctions(), ARN, {
    put: async () => {},
    get: async () => undefined,
  });
}

describe('a workflow’s attempt', () => {
  it('runs an attempt as one execution named by job and attempt, and returns its output', async () => {
    let sent = '';
    const run = await runAgainst((request, response) => {
      request.on('data', (chunk) => {
        sent += chunk;
      });
      request.on('end', () => response.end(JSON.stringify({ status: 'SUCCEEDED', output: '{"n":7}' })));
    });
    expect(await run({ n: 1 }, jobWith())).toEqual({ n: 7 });
    const { name, input, stateMachineArn } = JSON.parse(sent);
    expect(stateMachineArn).toBe(ARN);
    expect(name).toMatch(/^[0-9a-f]{64}-25$/);
    expect(name.length).toBeLessThanOrEqual(80);
    expect(JSON.parse(input)).toMatchObject({
      input: { n: 1 },
      job: { type: 'sample', id: 'job-1', tenant: 'tenant-1', attempt: 25, traceId: expect.any(String) },
    });
  });

  it('does not start a workflow again when the start fails, because the lane decides about retries', async () => {
    let starts = 0;
    const run = await runAgainst((_, response) => {
      starts += 1;
      response.writeHead(503).end('{}');
    });
    await expect(run({}, jobWith())).rejects.toThrow();
    expect(starts).toBe(1);
  });

  it('stops waiting for a workflow when the time of the job is up', async () => {
    const controller = new AbortController();
    const run = await runAgainst(() => controller.abort());
    await expect(run({}, jobWith({ signal: controller.signal }))).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('a workflow’s input', () => {
  const largest = laneOf(sampleType({ run: 'express', timeoutSeconds: 4 })).maximumMessageBytes;

  it('makes a workflow’s input that fits Step Functions from every message that fits the lane', () => {
    const character = fc.constantFrom('"', '\\', '\u0001', '\u2028', 'é', '😀', '\ud800', '/', 'x');
    fc.assert(
      fc.property(character, fc.string({ maxLength: 128 }), (one, tenant) => {
        const bytes = Buffer.byteLength(JSON.stringify(one)) - 2;
        const body = JSON.stringify({ text: one.repeat(Math.floor((largest - 11) / bytes)) });
        expect(Buffer.byteLength(body)).toBeLessThanOrEqual(largest);
        const json = workflowInput(JSON.parse(body), jobWith({ type: 'x'.repeat(40), id: 'x'.repeat(64), tenant }));
        expect(Buffer.byteLength(json)).toBeLessThanOrEqual(WORKFLOW_INPUT_BYTES);
      }),
      { numRuns: 30 },
    );
  });

  it('fails a job at once when its input has become too large for a workflow, and gives the size', () => {
    const body = `[${'1e20,'.repeat(20_000)}1e20]`;
    expect(body.length).toBeLessThan(largest);
    const run = () => workflowInput(JSON.parse(body), jobWith());
    expect(run).toThrow(PermanentJobError);
    expect(run).toThrow('but a workflow takes at most 262144');
  });
});
