import { eventually, frontDoorOf, one, output, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { TEST_TREE } from '@spillway/e2e/test-tree.ts';
import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { locate } from './whereabouts.ts';

const TYPE = 'misbehaving';
const jobTypes = loadJobTypes(TEST_TREE).filter(({ name }) => name === TYPE);

// among the chaos tests, because no other test may use the lane meanwhile
it('calls a job that is still tried unfinished, and only one that is in no place lost', async () => {
  const done = (await submit(TYPE, { behave: 'succeed' })).body;
  await waitForOutcome(TYPE, done.jobId);
  const since = new Date();
  const tried = (await submit(TYPE, { behave: 'never-return' })).body;
  const accepted = [done.jobId, tried.jobId, 'nowhere'].map((jobId) => ({ type: TYPE, jobId }));
  const place = {
    door: frontDoorOf(one),
    jobTypes,
    accepted,
    archive: output('processing', 'ArchiveBucketName'),
    since,
  };
  // the message of the settled job is deleted a moment after its outcome can be read
  await eventually('the places of all jobs', async () => (await locate(place)).lost === 1, 3);
  expect(await locate(place)).toEqual({ settled: 1, unfinished: 1, lost: 1 });
  expect(await waitForOutcome(TYPE, tried.jobId)).toMatchObject({ status: 'FAILED' });
});
