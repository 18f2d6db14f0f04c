import { Writable } from 'node:stream';
import { progressBar } from './progress-bar.ts';
import { inBytes } from './upload-file.ts';

/** What a bar writes, to a terminal or into a log. */
function written(isTTY: boolean, show: (bar: ReturnType<typeof progressBar>) => void): string {
  let text = '';
  const output = new Writable({
    write(chunk, _, done) {
      text += chunk;
      done();
    },
  });
  const bar = progressBar(Object.assign(output, { isTTY }) as unknown as NodeJS.WriteStream);
  show(bar);
  bar.end();
  return text;
}
const twenty = (bar: ReturnType<typeof progressBar>) => {
  for (let n = 0; n <= 20; n += 1) bar.show({ what: 'RUNNING', share: n / 20, count: `${n}/20` });
};

describe('a progress bar', () => {
  it('changes one line of a terminal', () => {
    const text = written(true, twenty);
    expect(text.split('\r')).toHaveLength(22);
    expect(text).toMatch(/\[#{30}\] RUNNING 20\/20\S*\n$/);
  });

  it('writes a line for each tenth into a log, and one when something else happens', () => {
    expect(written(false, twenty).trim().split('\n')).toHaveLength(11);
    const text = written(false, (bar) => {
      for (const what of ['QUEUED', 'QUEUED', 'RUNNING']) bar.show({ what, share: 0 });
    });
    expect(text).toBe(`[${'.'.repeat(30)}] QUEUED\n[${'.'.repeat(30)}] RUNNING\n`);
  });

  it('writes nothing if nothing happened', () => {
    expect(written(true, () => {})).toBe('');
  });
});

it.each([
  [1, '1 bytes'],
  [1023, '1023 bytes'],
  [1024, '1.0 KiB'],
  [5 * 1024 ** 3, '5.0 GiB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(inBytes(bytes)).toBe(text);
});
