import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@spillway/shared/packaging/services.ts';
import { CLIENT_TYPES, clientTypes, contractNames } from './client-types.ts';

describe('the job types of the client', () => {
  it('the client has every job type; if not, write client/job-types.ts as expected here', () => {
    expect(readFileSync(join(ROOT, CLIENT_TYPES), 'utf8')).toBe(clientTypes(contractNames(ROOT)));
  });

  it('the client names a job type in camel case', () => {
    expect(clientTypes(['word-count-2', 'label'])).toContain(`{\n  label: 'label',\n  wordCount2: 'word-count-2',\n}`);
  });
});
