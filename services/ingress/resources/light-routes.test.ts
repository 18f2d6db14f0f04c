import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { invokePermissions, lightFunctions, methodId, operationId, routesOfType } from './light-routes.ts';

const FILES = { 'handler.ts': '', 'operation.ts': 'export const operation = () => ({});' };
const folders: string[] = [];

/** A service with one light function. */
function serviceWith(functionYml: string, name = 'api-get-job-history'): string {
  const service = mkdtempSync(join(tmpdir(), 'light-'));
  folders.push(service);
  const folder = join(service, 'functions', name);
  mkdirSync(folder, { recursive: true });
  for (const [file, text] of Object.entries({ ...FILES, 'function.yml': functionYml })) {
    writeFileSync(join(folder, file), text);
  }
  return service;
}

/** The only route of such a service. */
function routeWith(functionYml: string, name?: string) {
  const [route] = lightFunctions(serviceWith(functionYml, name)).routes;
  if (!route) throw new Error('the service has no route');
  return route;
}

afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

const HISTORY = 'route: GET /jobs/{type}/{jobId}/history\nscope: jobs/read\nmemorySize: 512\n';

describe('a light function', () => {
  it('describes a light function by its route and keeps its settings for the Serverless Framework', () => {
    const { functions } = lightFunctions(serviceWith(HISTORY));
    expect(functions['api-get-job-history']).toMatchObject({
      description: 'GET /jobs/{type}/{jobId}/history',
      memorySize: 512,
    });
    expect(functions['api-get-job-history']).not.toHaveProperty('route');
    expect(functions['api-get-job-history']).not.toHaveProperty('scope');
  });

  it('names the method and operation of a light function by its verb and the part of the job', () => {
    const route = routeWith(HISTORY);
    expect([methodId(route, 'CsvImport'), operationId(route, 'CsvImport')]).toEqual([
      'CsvImportGetHistory',
      'getCsvImportHistory',
    ]);
  });

  it('names the method and operation of a route of no job type by the function alone', () => {
    const route = routeWith('route: POST /uploads\nscope: jobs/submit\n', 'api-create-upload');
    expect([methodId(route, ''), operationId(route)]).toEqual(['CreateUpload', 'createUpload']);
  });

  it('gives a route for waiting jobs only to the job types whose contract says that they wait', () => {
    const route = routeWith('route: POST /jobs/{type}/{jobId}/decision\nscope: jobs/decide\nonlyFor: awaitsDecision\n');
    expect(routesOfType({ retired: false, awaitsDecision: false }, [route])).toEqual([]);
    // the jobs of a retired type still wait
    expect(routesOfType({ retired: true, awaitsDecision: true }, [route])).toEqual([route]);
  });

  it('asks for a signature and for no scope on a route for administrators', () => {
    expect(routeWith('route: GET /admin/failures\n', 'api-list-failures')).toMatchObject({
      method: 'GET',
      path: '/admin/failures',
      submits: false,
    });
    expect(routeWith('route: GET /admin/failures\n', 'api-list-failures')).not.toHaveProperty('scope');
  });

  it('lets the API call a light function only on its own route', () => {
    const permissions = Object.entries(invokePermissions(routeWith(HISTORY))).map(([id, { Properties }]) => [
      id,
      String((Properties?.SourceArn as { 'Fn::Sub': string } | undefined)?.['Fn::Sub']).replace(/^.*\$\{Api\}/, ''),
    ]);
    expect(permissions).toEqual([
      // GET and HEAD
      ['ApiDashgetDashjobDashhistoryPermission', '/*/*/jobs/*/*/history'],
    ]);
  });

  it.each([
    ['without a route', 'scope: jobs/read\n', 'route must look like "GET /jobs/{type}/{jobId}"'],
    ['whose route is not a path', 'route: GET uploads\nscope: jobs/read\n', 'route must look like "GET /jobs/{type}'],
    ['whose route is for one job type', 'route: GET /jobs/mine\nscope: jobs/read\n', 'route must look like'],
    ['of no job type without a scope', 'route: GET /uploads\n', 'scope must be one of'],
    ['for administrators with a scope', 'route: GET /admin/failures\nscope: jobs/read\n', 'remove scope'],
    [
      'without a scope',
      'route: GET /jobs/{type}\n',
      'scope must be one of jobs/submit, jobs/decide, jobs/read, not undefined',
    ],
    ['with an unknown scope', 'route: GET /jobs/{type}\nscope: jobs/all\n', 'not "jobs/all"'],
    [
      'for job types of no known kind',
      'route: POST /jobs/{type}/x\nscope: jobs/submit\nonlyFor: retired\n',
      'onlyFor must be awaitsDecision, not "retired"',
    ],
    ['whose scope is for other methods', 'route: PUT /jobs/{type}\nscope: jobs/read\n', 'scope of GET, HEAD; add PUT'],
  ])('does not package a light function %s, and says what to write', (_, functionYml, problem) => {
    expect(() => routeWith(functionYml)).toThrow(problem);
    expect(() => routeWith(functionYml)).toThrow('functions/api-get-job-history/function.yml');
  });

  it('does not package a light function without an operation.ts, and names the file', () => {
    const service = serviceWith(HISTORY);
    rmSync(join(service, 'functions/api-get-job-history/operation.ts'));
    expect(() => lightFunctions(service)).toThrow('functions/api-get-job-history/ needs the file operation.ts');
  });

  it('does not package a light function whose name does not say what it does', () => {
    expect(() => methodId(routeWith(HISTORY, 'history'), 'CsvImport')).toThrow('such as api-get-job');
    const uploads = 'route: POST /uploads\nscope: jobs/submit\n';
    expect(() => operationId(routeWith(uploads, 'api-upload'))).toThrow('such as api-create-upload');
  });
});
