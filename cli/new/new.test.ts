import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { writeGenerated } from './new-files.ts';
import { newJobType } from './new-job-type.ts';
import { newService } from './new-service.ts';

const COMPOSE = `services:
  processing:
    path: services/processing
  ingress:
    path: services/ingress
    dependsOn: processing
`;
const CODEOWNERS = `*                       @spillway/platform
/services/processing/   @spillway/processing
/shared/contracts/      @spillway/platform @spillway/processing
`;

/** A repository with the services processing and ingress, and these files. */
function repository(files: Record<string, string> = {}): string {
  const root = mkdtempSync(join(tmpdir(), 'new-'));
  const all = { 'serverless-compose.yml': COMPOSE, '.github/CODEOWNERS': CODEOWNERS, ...files };
  for (const [path, text] of Object.entries(all)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

const jobType = { name: 'label', service: 'processing' };
const READER = 'services/processing/functions/tick-dead-letters/handler.ts';

describe('a new service', () => {
  it('a new service is deployed before the front door, and the rest of serverless-compose.yml stays as it is', () => {
    const { edits } = newService(repository({ 'serverless-compose.yml': `# order matters\n${COMPOSE}` }), 'shipping');
    expect(edits['serverless-compose.yml']).toBe(`# order matters
services:
  processing:
    path: services/processing
  shipping:
    path: services/shipping
    dependsOn: processing
  ingress:
    path: services/ingress
    dependsOn: processing
`);
  });

  it('a new service is owned by its team, which also owns the contracts', () => {
    expect(
      newService(repository(), 'shipping').edits['.github/CODEOWNERS'],
    ).toBe(`*                       @spillway/platform
/services/processing/   @spillway/processing
/services/shipping/     @spillway/shipping
/shared/contracts/      @spillway/platform @spillway/processing @spillway/shipping
`);
  });

  it('a service that already exists is refused', () => {
    expect(() => newService(repository(), 'ingress')).toThrow('The service ingress already exists');
  });
});

describe('a new job type', () => {
  it('the first job type of a service makes the front door deploy after it, and the next one changes nothing', () => {
    const root = repository();
    const shipping = newService(root, 'shipping').edits;
    const owned = newJobType(repository(shipping), { ...jobType, service: 'shipping' });
    expect(owned.edits['serverless-compose.yml']).toContain('dependsOn: [processing, shipping]');
    const next = newJobType(repository(owned.edits), { ...jobType, service: 'shipping' });
    expect(next.edits['serverless-compose.yml']).toBeUndefined();
  });

  it('a new job type is added to those of the client', () => {
    const before = repository({ 'shared/contracts/jobs/csv-import.ts': '' });
    const { edits } = newJobType(before, jobType);
    expect(edits['client/job-types.ts']).toContain(`{\n  csvImport: 'csv-import',\n  label: 'label',\n}`);
  });

  it('the first job type of a service adds a reader of its dead letters', () => {
    expect(newJobType(repository(), jobType).files).toHaveProperty([READER]);
    expect(newJobType(repository({ [READER]: '' }), jobType).files).not.toHaveProperty([READER]);
  });

  it.each(['Label', 'my_label', 'label-', '1st', 'x'.repeat(41)])('the name %s is refused for a job type', (name) => {
    expect(() => newJobType(repository(), { ...jobType, name })).toThrow('in kebab case');
  });

  it('a job type of an unknown service is refused, and the existing services are named', () => {
    expect(() => newJobType(repository(), { ...jobType, service: 'shiping' })).toThrow(
      'choose one of processing, ingress, or add it with "npm run spillway -- new service shiping"',
    );
  });

  it('an ordered job type that runs as a durable workflow is refused', () => {
    expect(() => newJobType(repository(), { ...jobType, run: 'durable', ordered: 'account' })).toThrow(
      'Jobs that run as durable cannot be ordered',
    );
  });

  it('an order key that cannot be a field’s name is refused', () => {
    expect(() => newJobType(repository(), { ...jobType, ordered: 'account-id' })).toThrow('use camel case');
  });

  it('nothing is written if one of the new files already exists', () => {
    const root = repository({ 'services/processing/job-types/label/run.ts': 'mine' });
    expect(() => writeGenerated(root, newJobType(root, jobType))).toThrow(
      'services/processing/job-types/label/run.ts already exists',
    );
    expect(readFileSync(join(root, 'services/processing/job-types/label/run.ts'), 'utf8')).toBe('mine');
    expect(existsSync(join(root, 'shared/contracts/jobs/label.ts'))).toBe(false);
  });
});
