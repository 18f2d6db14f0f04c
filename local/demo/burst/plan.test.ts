import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import bulkSubmit from '@spillway/shared/contracts/jobs/bulk-submit.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { countByType, plannedJobs } from './plan.ts';
import { mixedWay } from './ways.ts';

describe('the plan of a burst', () => {
  const jobTypes = [csvImport, ledgerPosting];

  it('counts the job of a file as one of the jobs of the burst', () => {
    const jobs = [...plannedJobs({ jobTypes, count: 80, first: 2002, sinkUrl: '', wayOf: mixedWay })];
    expect(countByType(jobs)).toEqual(
      new Map<JobType, number>([
        [csvImport, 39],
        [ledgerPosting, 40],
        [bulkSubmit, 1],
      ]),
    );
    const [file, ...lines] = jobs.filter(({ way }) => way === 'bulk');
    expect(file).toMatchObject({ jobType: bulkSubmit, input: { type: csvImport.name } });
    expect(lines.map(({ jobType }) => jobType)).toEqual([csvImport, csvImport, csvImport]);
    expect(new Set(jobs.flatMap(({ id }) => id ?? [])).size).toBe(jobs.filter(({ id }) => id).length);
  });

  it('plans no file for a burst in which each job comes by a request of its own', () => {
    const counts = countByType(plannedJobs({ jobTypes, count: 81, sinkUrl: '' }));
    expect([...counts.values()]).toEqual([41, 40]);
  });
});
