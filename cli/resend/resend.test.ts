import type { Refusal } from '@spillway/shared/runtime/stream/delivery.ts';
import { memoryBucket } from '../testing/memory-bucket.ts';
import { type RefusedPlace, resend } from './resend.ts';

/** Sends objects with lines again to a destination that refuses lines as `refuse` says. @returns what it took and what is left */
async function sending(
  content: Record<string, string>,
  refuse: (line: string) => Partial<Refusal<string>> | undefined,
  onSend: (objects: Map<string, string>) => void = () => {},
  more: Partial<RefusedPlace<string>> = {},
) {
  const objects = new Map(Object.entries(content));
  const taken: string[] = [];
  const place: RefusedPlace<string> = {
    bucket: 'bucket',
    prefix: 'refused/',
    unreadable: 'refused/unreadable/',
    read: (line) => (line.startsWith('bad') ? undefined : [line]),
    lineOf: (line) => line,
    ...more,
    destination: {
      name: 'bus',
      async send(lines) {
        onSend(objects);
        taken.push(...lines.filter((line) => !refuse(line)));
        return lines.flatMap((entry) => {
          const refusal = refuse(entry);
          return refusal ? [{ entry, code: 'ThrottlingException', forGood: false, ...refusal }] : [];
        });
      },
    },
  };
  const done = await resend(place, () => {}, { s3: memoryBucket(objects), pause: async () => {} });
  return { done, taken, left: Object.fromEntries(objects) };
}

describe('what did not arrive', () => {
  it('is sent again object by object, and what cannot be read is put aside, where it is not looked at again', async () => {
    const { done, taken, left } = await sending(
      { 'refused/1': 'a\nbad\nb\n', 'refused/2': 'c\n', 'refused/unreadable/0': 'bad before\n' },
      () => undefined,
    );
    expect(taken).toEqual(['a', 'b', 'c']);
    expect(left).toEqual({ 'refused/unreadable/0': 'bad before\n', 'refused/unreadable/1': 'bad\n' });
    expect(done).toMatchObject({ objects: 2, entries: 3, unreadable: 1, again: { entries: 0 } });
  });

  it('stays where it is, uncounted, if nothing of it can be read and its place says so', async () => {
    const content = { 'refused/1': 'bad\n', 'refused/2': 'a\n' };
    const { done, left } = await sending(
      content,
      () => undefined,
      () => {},
      { leavesUnreadable: true },
    );
    expect(left).toEqual({ 'refused/1': 'bad\n' });
    expect(done).toMatchObject({ objects: 1, entries: 1, unreadable: 0 });
  });

  it('stays where it is if it is refused again, and does not keep later objects from their turn', async () => {
    const { done, taken, left } = await sending({ 'refused/1': 'no\na\n', 'refused/2': 'b\n' }, (line) =>
      line === 'no' ? { code: 'Strange' } : undefined,
    );
    expect([...new Set(taken)]).toEqual(['a', 'b']);
    expect(left).toEqual({ 'refused/1': 'no\na\n' });
    expect(done).toMatchObject({ objects: 1, entries: 1, again: { entries: 1, codes: new Set(['Strange']) } });
  });

  it('is put aside if it is refused for good, so that it is not sent for ever', async () => {
    const { done, taken, left } = await sending({ 'refused/1': 'no\na\n' }, (line) =>
      line === 'no' ? { forGood: true } : undefined,
    );
    expect(taken).toEqual(['a']);
    expect(left).toEqual({ 'refused/unreadable/1': 'no\n' });
    expect(done).toMatchObject({ objects: 1, entries: 1, unreadable: 1, again: { entries: 0 } });
  });

  it('waits for the next time after three objects in a row were refused again', async () => {
    const content = Object.fromEntries([1, 2, 3, 4, 5].map((n) => [`refused/${n}`, `${n}\n`]));
    const { done, left } = await sending(content, () => ({ code: 'AccessDeniedException' }));
    expect(left).toEqual(content);
    expect(done).toMatchObject({ objects: 0, again: { entries: 3 } });
  });

  it('is left to another run of the command that was faster', async () => {
    const { done, taken } = await sending(
      { 'refused/1': 'a\n', 'refused/2': 'b\n' },
      () => undefined,
      (objects) => objects.delete('refused/2'),
    );
    expect([taken, done.objects]).toEqual([['a'], 1]);
  });
});
