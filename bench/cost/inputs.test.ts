import { fit } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';
import { costInputOf } from './inputs.ts';

describe('the inputs of a measured run', () => {
  it('sends CSV files whose jobs are 1 KB long, as the targets say', () => {
    for (const n of [0, 200]) {
      const input = costInputOf(csvImport, n, '');
      expect(fit(csvImport.input, input).success).toBe(true);
      expect(Math.abs(JSON.stringify(input).length - 1024)).toBeLessThan(64);
    }
  });

  it('sends only documents that somebody decides about', () => {
    for (let n = 0; n < 20; n += 1) {
      expect(costInputOf(documentApproval, n, '')).toMatchObject({ decideWithinSeconds: 3600 });
    }
  });
});
