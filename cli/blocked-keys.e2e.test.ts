import { eventually, one, submit, waitForOutcome } from '@spillway/e2e/deployed.ts';
import { spillway, uniqueName } from './testing/run-spillway.ts';

const TYPE = 'stopping-ordered';

it('lists blocked keys, releases and skips them with spillway blocked-keys, and says if a key is not blocked', async () => {
  const key = uniqueName();
  await submit(TYPE, { key, behave: 'fail-permanently' });
  const { body: later } = await submit(TYPE, { key, behave: 'succeed' });
  const listed = await eventually('the key in the list', async () => {
    const { out } = await spillway(['blocked-keys', '--type', TYPE, '--tenant', 'one', '--limit', '100']);
    const lines = out.trim().split('\n').filter(Boolean);
    return lines.map((line) => JSON.parse(line)).find((each) => each.key === key);
  });
  expect(listed).toMatchObject({ tenant: one.clientId, type: TYPE, code: 'NO_SUCH_THING' });
  const released = await spillway(['blocked-keys', 'release', 'one', TYPE, key]);
  expect([released.code, released.error]).toEqual([0, '']);
  expect(JSON.parse(released.out)).toMatchObject({ key, action: 'release', jobId: listed.jobId });
  // it fails again
  await eventually('the key to be skipped', async () => {
    const { code } = await spillway(['blocked-keys', 'skip', one.clientId, TYPE, key]);
    return code === 0;
  });
  expect((await waitForOutcome(TYPE, later.jobId)).status).toBe('SUCCEEDED');
  const again = await spillway(['blocked-keys', 'skip', 'one', TYPE, key]);
  expect([again.code, again.error]).toEqual([1, expect.stringContaining('409: The order key')]);
});
