import { fit } from '@spillway/shared/contracts/job-type.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { costInputOf } from './inputs.ts';

describe('the inputs of a measured run', () => {
  it('sends CSV files whose jobs are 1 KB long, as the targets say', () => {
    for (const n of [0, 200]) {
      const input = costInputOf(csvImport, n, '');
      expect(fit(csvImport.input, input).success).toBe(true);
      expect(Math.abs(JSON.stringify(input).length - 1024)).toBeLessThan(64);
    }
  });
});
