import { existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { jobTypesOf, loadJobTypes, pascalCase } from './job-types.ts';
import { listServices, serviceFolder } from './services.ts';

/** A tree with the services `billing` and `shipping`, and these files. */
function treeWith(...files: [path: string, text: string][]): string {
  const root = mkdtempSync(join(tmpdir(), 'job-types-'));
  const compose = 'services: { billing: { path: services/billing }, shipping: { path: services/shipping } }';
  for (const [path, text] of [['serverless-compose.yml', compose] as const, ...files]) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  mkdirSync(join(root, 'shared/contracts/jobs'), { recursive: true });
  return root;
}

const contract = (name: string, service: string): [string, string] => [
  `shared/contracts/jobs/${name}.ts`,
  `export default ${JSON.stringify({ name, service })};`,
];
const handler = (service: string, name: string): [string, string] => [
  `services/${service}/job-types/${name}/handler.ts`,
  '',
];

describe('loading job types', () => {
  it('a service owns the job types whose contracts name it', () => {
    const root = treeWith(
      contract('invoice', 'billing'),
      handler('billing', 'invoice'),
      contract('label', 'shipping'),
      handler('shipping', 'label'),
    );
    expect(loadJobTypes(root).map(({ name }) => name)).toEqual(['invoice', 'label']);
    expect(jobTypesOf('shipping', root)).toMatchObject([{ name: 'label' }]);
  });

  it('a contract that exports another job type than its file is named after is refused', () => {
    const root = treeWith(['shared/contracts/jobs/label.ts', 'export default { name: "invoice" };']);
    expect(() => loadJobTypes(root)).toThrow("label.ts must default-export defineJobType({ name: 'label'");
  });

  it('a contract without an implementation is refused, naming the file to write', () => {
    expect(() => loadJobTypes(treeWith(contract('invoice', 'billing')))).toThrow(
      'write services/billing/job-types/invoice/handler.ts',
    );
  });

  it('a contract whose job type is implemented by another service is refused', () => {
    const root = treeWith(contract('invoice', 'billing'), handler('shipping', 'invoice'));
    expect(() => loadJobTypes(root)).toThrow('write services/billing/job-types/invoice/handler.ts');
  });

  it('a contract of a service that does not exist is refused, naming those that do', () => {
    expect(() => loadJobTypes(treeWith(contract('invoice', 'acounting')))).toThrow(
      /"acounting", which serverless-compose\.yml does not list: use one of billing, shipping/,
    );
  });

  it('a job-type folder without a contract is refused, naming the file to write', () => {
    expect(() => loadJobTypes(treeWith(handler('shipping', 'label')))).toThrow(
      "services/shipping/job-types/label/ has no contract: write shared/contracts/jobs/label.ts with service: 'shipping'",
    );
  });

  it('a logical id is the name of the job type in Pascal case', () => {
    expect(pascalCase('csv-import')).toBe('CsvImport');
  });
});

describe('listing services', () => {
  it('each service of serverless-compose.yml is a folder of its name with a package.json', () => {
    for (const name of listServices()) expect(existsSync(join(serviceFolder(name), 'package.json'))).toBe(true);
  });
});
