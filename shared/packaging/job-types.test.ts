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
  it('loads the job types of a service, whose contracts name it', () => {
    const root = treeWith(
      contract('invoice', 'billing'),
      handler('billing', 'invoice'),
      contract('label', 'shipping'),
      handler('shipping', 'label'),
    );
    expect(loadJobTypes(root).map(({ name }) => name)).toEqual(['invoice', 'label']);
    expect(jobTypesOf('shipping', root)).toMatchObject([{ name: 'label' }]);
  });

  it('refuses a contract that exports another job type than its file name says', () => {
    const root = treeWith(['shared/contracts/jobs/label.ts', 'export default { name: "invoice" };']);
    expect(() => loadJobTypes(root)).toThrow("label.ts must default-export defineJobType({ name: 'label'");
  });

  it('refuses a contract without an implementation and names the file to write', () => {
    expect(() => loadJobTypes(treeWith(contract('invoice', 'billing')))).toThrow(
      'write services/billing/job-types/invoice/handler.ts',
    );
  });

  it('refuses a contract whose job type is implemented by another service', () => {
    const root = treeWith(contract('invoice', 'billing'), handler('shipping', 'invoice'));
    expect(() => loadJobTypes(root)).toThrow('write services/billing/job-types/invoice/handler.ts');
  });

  it('refuses a contract of an unknown service and names the existing ones', () => {
    expect(() => loadJobTypes(treeWith(contract('invoice', 'acounting')))).toThrow(
      /"acounting", which serverless-compose\.yml does not list: use one of billing, shipping/,
    );
  });

  it('refuses a job-type folder without a contract and names the file to write', () => {
    expect(() => loadJobTypes(treeWith(handler('shipping', 'label')))).toThrow(
      "services/shipping/job-types/label/ has no contract: write shared/contracts/jobs/label.ts with service: 'shipping'",
    );
  });

  it('writes the name of a job type in Pascal case for logical ids', () => {
    expect(pascalCase('csv-import')).toBe('CsvImport');
  });
});

describe('listing services', () => {
  it('lists only services that have a folder with a package.json', () => {
    for (const name of listServices()) expect(existsSync(join(serviceFolder(name), 'package.json'))).toBe(true);
  });
});
