import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { publicJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { ROOT } from '@spillway/shared/packaging/services.ts';
import { CLIENT_TYPES, clientContracts, clientTypes } from './client-types.ts';

describe('the job types of the client', () => {
  it('the client has every job type; if not, write client/job-types.ts as expected here', () => {
    expect(readFileSync(join(ROOT, CLIENT_TYPES), 'utf8')).toBe(clientTypes(clientContracts(ROOT)));
  });

  it('the client knows which lanes are ordered', () => {
    const ordered = publicJobTypes().map(({ name, lane }) => ({ name, ordered: lane.kind === 'ordered' }));
    expect(clientContracts(ROOT)).toEqual(ordered);
    expect(clientTypes(ordered)).toContain("ORDERED: readonly string[] = ['ledger-posting'];");
  });

  it('the client names a job type in camel case', () => {
    const types = ['word-count-2', 'label'].map((name) => ({ name, ordered: false }));
    expect(clientTypes(types)).toContain(`{\n  label: 'label',\n  wordCount2: 'word-count-2',\n}`);
  });
});
