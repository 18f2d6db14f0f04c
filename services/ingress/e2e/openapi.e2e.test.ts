import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { tokenOf } from '@spillway/e2e/callers.ts';
import { one, request, stage } from '@spillway/e2e/deployed.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { activeJobTypes, pascalCase, publicJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { Ajv2020 } from 'ajv/dist/2020.js';

interface Operation {
  operationId: string;
  security: Record<string, string[]>[];
  requestBody?: { content: { 'application/json': { example: unknown; schema: { $ref: string } } } };
  responses: Record<string, Response>;
}
interface Response {
  description: string;
  headers?: object;
  content?: Record<string, unknown>;
}
interface OpenApi {
  openapi: string;
  servers: { url: string }[];
  paths: Record<string, Record<string, Operation>>;
  components: {
    schemas: Record<string, { examples?: unknown[] }>;
    responses: Record<string, Response>;
    securitySchemes: { token: { flows: { clientCredentials: { tokenUrl: string } } } };
  };
}

const ROOT = join(__dirname, '../../..');
/** Inside the repository, so that the generated client finds its packages. */
const FOLDER = join(ROOT, '.spillway/client');
const types = activeJobTypes();
let served: Awaited<ReturnType<typeof request<OpenApi>>>;
let operations: { path: string; method: string; operation: Operation }[];

beforeAll(async () => {
  served = await request<OpenApi>('/openapi.json', { headers: { authorization: '', 'x-api-key': '' } });
  operations = Object.entries(served.body.paths).flatMap(([path, methods]) =>
    Object.entries(methods)
      .filter(([method]) => method !== 'parameters')
      .map(([method, operation]) => ({ path, method, operation: { ...operation, responses: resolved(operation) } })),
  );
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(FOLDER, 'openapi.json'), JSON.stringify(served.body));
});

/** An operation's responses, of which most are references. */
const resolved = ({ responses }: Operation) =>
  Object.fromEntries(
    Object.entries(responses as Record<string, Response & { $ref?: string }>).map(([status, response]) => [
      status,
      served.body.components.responses[response.$ref?.split('/').at(-1) ?? ''] ?? response,
    ]),
  );

/** Runs a command of an installed package, as a person would. Rejects with what it printed. */
async function tool(name: string, ...args: string[]): Promise<string> {
  const token = await tokenOf(one);
  const environment = { ...process.env, API_URL: stage.apiUrl, TOKEN: token, API_KEY: one.apiKey };
  const command = name === 'node' ? process.execPath : join(ROOT, 'node_modules/.bin', name);
  try {
    return (await promisify(execFile)(command, args, { cwd: FOLDER, env: environment })).stdout;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${name}: ${stdout}${stderr}`);
  }
}

describe('the API description', () => {
  it('the API description is public, lists every route, and names the stage that serves it', () => {
    expect([served.status, served.body.openapi]).toEqual([200, '3.1.0']);
    expect(served.headers.get('content-type')).toBe('application/json');
    expect(Object.keys(served.body.paths)).toEqual(
      expect.arrayContaining(publicJobTypes().flatMap(({ name }) => [`/jobs/${name}`, `/jobs/${name}/{jobId}`])),
    );
    expect(served.body.servers).toEqual([expect.objectContaining({ url: `/${stage.name}` })]);
  });

  it('the API description says which scope or signature each operation needs, and where to get a token', () => {
    for (const { path, method, operation } of operations) {
      const writes = path.endsWith('/decision') ? 'jobs/decide' : 'jobs/submit';
      const scope = method === 'get' ? 'jobs/read' : writes;
      const needed = path.startsWith('/admin/') ? { signature: [] } : { token: [scope], apiKey: [] };
      expect(operation.security).toEqual([needed]);
    }
    const { token } = served.body.components.securitySchemes;
    expect(new URL(token.flows.clientCredentials.tokenUrl, `${stage.apiUrl}/openapi.json`).href).toBe(stage.tokenUrl);
  });

  it('the API description gives every operation a unique name that is valid in any language', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z][A-Za-z0-9]*$/);
  });

  it('the API description lists every response to a submit, including the problem documents', () => {
    const submits = operations.filter(
      ({ path, method }) => /^\/jobs\/[^/]+(\/\{jobId\})?$/.test(path) && ['post', 'put'].includes(method),
    );
    // the tests deploy more job types than the repository has
    expect(submits.length).toBeGreaterThanOrEqual(2 * activeJobTypes().length);
    for (const { operation } of submits) {
      const { 202: accepted, ...refused } = operation.responses;
      expect(accepted?.headers).toHaveProperty('Location');
      expect(Object.keys(refused)).toEqual(
        expect.arrayContaining(['400', '401', '403', '404', '413', '415', '429', '500', '503']),
      );
      for (const { content } of Object.values(refused)) expect(content).toHaveProperty(['application/problem+json']);
      for (const status of ['429', '503']) expect(refused[status]?.headers).toHaveProperty('Retry-After');
    }
  });

  it('the API description is valid for a third-party validator', async () => {
    expect(JSON.parse(await tool('validate-api', 'openapi.json')).valid).toBe(true);
  });

  it('the examples in the API description fit their schemas', () => {
    // the document itself is not a schema
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    ajv.addSchema({ $id: 'api', ...served.body });
    for (const [name, { examples = [] }] of Object.entries(served.body.components.schemas)) {
      const validate = ajv.compile({ $ref: `api#/components/schemas/${name}` });
      for (const example of examples) {
        validate(example);
        expect([name, validate.errors]).toEqual([name, null]);
      }
    }
    for (const { name } of types) {
      expect(served.body.components.schemas).toMatchObject({
        [`${pascalCase(name)}Input`]: { examples: [expect.anything()] },
        [`${pascalCase(name)}Result`]: { examples: [expect.anything()] },
      });
    }
  });
});

describe('a generated client', () => {
  const submits = types.map(
    ({ name, example }) => `() => client.submit${pascalCase(name)}(${JSON.stringify(example.input)})`,
  );
  const program = `
    import * as client from './client.ts';
    const { API_URL = '', TOKEN, API_KEY = '' } = process.env;
    client.defaults.baseUrl = API_URL;
    client.defaults.headers = { authorization: \`Bearer \${TOKEN}\`, 'x-api-key': API_KEY };
    export const examples = [${submits.join(',')}];
    const accepted = await client.submitCsvImport(${JSON.stringify(csvImport.example.input)});
    if (accepted.status !== 202) throw new Error(accepted.data.detail);
    const acceptedAt = Number(new URLSearchParams(accepted.data.links.self.split('?')[1]).get('acceptedAt'));
    for (;;) {
      const { status, data } = await client.getCsvImport(accepted.data.jobId, { acceptedAt });
      if (status !== 200) throw new Error(data.detail);
      if (data.status === 'SUCCEEDED') {
        console.log(JSON.stringify(data.result));
        break;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const refused = await client.listCsvImport({ limit: 1000 });
    if (refused.status !== 400) throw new Error(String(refused.status));
    console.log(refused.data.detail);`;

  it('a client generated by a third-party tool type-checks, submits a job, polls it and reads a refusal', async () => {
    await tool('oazapfts', 'openapi.json', 'client.ts');
    writeFileSync(join(FOLDER, 'program.ts'), program);
    const options = ['--strict', '--noEmit', '--allowImportingTsExtensions', '--skipLibCheck', '--types', 'node'];
    await tool('tsc', ...options, '--target', 'es2024', '--module', 'nodenext', '--ignoreConfig', 'program.ts');
    const [result, refusal] = (await tool('node', 'program.ts')).trim().split('\n');
    expect(JSON.parse(result ?? '')).toEqual(csvImport.example.result);
    expect(refusal).toMatch(/^limit: /);
  });
});
