import * as z from 'zod/mini';
import { identityOf, sampleMessage, sampleType, workbench } from '../testing/workbench.ts';

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

  it.each(['before it is written', 'before its reference is sent'])(
    'keeps its message if its consumer is stopped %s until the message has come again and was claimed',
    async (when) => {
      const { handle, model, clock, tools, claimElsewhere } = scheduled(60_000);
      const { schedule } = tools.store;
      const claimByAnother = async () => {
        clock.ms += 700_000;
        await claimElsewhere(message, 60_000);
      };
      if (when === 'before its reference is sent') tools.due.send = claimByAnother;
      else
        tools.store.schedule = async (...args) => {
          await claimByAnother();
          return schedule(...args);
        };
      expect(await handle([message])).toEqual([message.messageId]);
      expect(model.jobOf(identityOf())).toMatchObject({ status: 'RUNNING', attempt: 1 });
    },
  );

  it('keeps its message if its batch ends after its time, because the message may have come again by then', async () => {
    const { handle, clock, tools } = scheduled(60_000);
    tools.run = async () => {
      clock.ms += 60_000;
      return { n: 1 };
    };
    expect(await handle([message, sampleMessage({ id: 'slow' })])).toEqual([message.messageId]);
  });

  it('keeps its uploads, which would otherwise expire before it starts', async () => {
    const upload = `upload-${'0'.repeat(32)}`;
    const bench = workbench(async () => ({ n: 1 }), { ...sampleType(), input: z.any(), uploads: ['key'] });
    bench.clock.ms = Date.parse(START) - 60_000;
    const opened: string[] = [];
    bench.tools.files.open = async (tenant, pointer) => void opened.push(`${tenant}/${pointer}`) as undefined;
    await bench.handle([{ ...message, body: JSON.stringify({ key: upload, n: 1 }) }]);
    expect(opened).toEqual([`tenant-1/${upload}`]);
  });
});
