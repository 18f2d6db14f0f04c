import { as, spillway, uniqueName } from './testing/run-spillway.ts';

describe('spillway schedule', () => {
  it('writes, shows, lists and deletes a schedule, and suspending its tenant pauses it', async () => {
    const tenant = uniqueName();
    await spillway(['tenant', 'create', tenant]);
    const schedule = (...args: string[]) => spillway(['schedule', ...args, ...as(tenant)]);
    const berlin = ['--expression', 'cron(0 3 * * ? *)', '--timezone', 'Europe/Berlin'];

    const put = await schedule('put', 'nightly', 'csv-import', ...berlin);
    expect(JSON.parse(put.out)).toMatchObject({ name: 'nightly', timezone: 'Europe/Berlin', paused: false });
    expect(JSON.parse((await schedule('show', 'nightly')).out)).toEqual(JSON.parse(put.out));
    await schedule('put', 'quarterly', 'csv-import', '--expression', 'rate(90 days)', '--paused');
    const listed = (await schedule('list')).out.trim().split('\n');
    expect(listed.map((line) => JSON.parse(line).name).sort()).toEqual(['nightly', 'quarterly']);

    const refused = await schedule('put', 'never', 'csv-import', '--expression', '* * * * *');
    expect([refused.code, refused.error]).toEqual([1, expect.stringContaining('rate(5 minutes)')]);
    expect(await schedule('delete', 'quarterly')).toMatchObject({ code: 0 });
    expect(await schedule('delete', 'quarterly')).toMatchObject({ code: 1 });

    await spillway(['tenant', 'suspend', tenant]);
    await spillway(['tenant', 'rotate', tenant]);
    const paused = JSON.parse((await schedule('show', 'nightly')).out);
    expect(paused).toMatchObject({ name: 'nightly', paused: true, timezone: 'Europe/Berlin' });
    expect(paused.nextRunAt).toBeUndefined();
  });
});
