import { identityOf, sampleMessage, workbench } from '../testing/workbench.ts';

const START = '2026-09-21T13:14:00.000Z';
const message = sampleMessage({ attributes: { ...sampleMessage().attributes, runAfter: `v1;${START}` } });

/** A scheduled job, at a time before its start. */
function scheduled(msBefore: number) {
  const bench = workbench(async (_, { attempt }) => ({ n: attempt }));
  bench.clock.ms = Date.parse(START) - msBefore;
  return bench;
}

describe('a job with a time to start', () => {
  it('waits in its row, and its message is done', async () => {
    const { handle, model } = scheduled(60_000);
    expect(await handle([message])).toEqual([]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'SCHEDULED', attempt: 0 });
  });

  it('is not lost if its message enters the lane by a clock that is ahead, before its row says so', async () => {
    const { handle, model, clock } = scheduled(60_000);
    await handle([message]);
    clock.ms = Date.parse(START) - 50;
    expect(await handle([message])).toEqual([message.messageId]);
    // what sent it notes this now, and the row no longer has the message
    Object.assign(model.jobOf(identityOf()) ?? {}, { status: 'QUEUED' });
    clock.ms = Date.parse(START) + 950;
    expect(await handle([message])).toEqual([]);
    expect(model.jobOf(identityOf())).toMatchObject({ status: 'SUCCEEDED', attempt: 1 });
  });
});
