import fc from 'fast-check';
import { escaped, html } from './html.ts';

const CHARACTERS: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" };
/** What a browser reads. */
const read = (source: string) => source.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => CHARACTERS[name] ?? '');

describe('HTML', () => {
  it('no text can end an HTML element or attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) =>
        expect(escaped(text)).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/),
      ),
    );
  });

  it('a browser reads the text that was put into HTML, except for control characters that are not white space', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) =>
        expect(read(escaped(text))).toBe(text.replace(/[^\P{Cc}\t\n\r]/gu, ' ')),
      ),
    );
  });

  it('HTML that is put into HTML is not escaped again', () => {
    const items = ['<b>', '&'].map((item) => html`<li>${item}</li>`);
    expect(html`<ul>${items}</ul>`.html).toBe('<ul><li>&lt;b&gt;</li><li>&amp;</li></ul>');
  });
});
