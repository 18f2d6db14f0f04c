import { pageOf } from './page.ts';

describe('the page of a document', () => {
  it('shows each paragraph of the text, and the title above them', () => {
    const page = pageOf('Policy', 'First.\n\n\nSecond\nline.');
    expect(page).toContain('<h1>Policy</h1>\n<p>First.</p>\n<p>Second\nline.</p>');
  });

  it('shows markup in a document as text', () => {
    const page = pageOf('<b>"A & B"</b>', '<script>alert(1)</script>');
    expect(page).toContain('<h1>&lt;b&gt;&quot;A &amp; B&quot;&lt;/b&gt;</h1>');
    expect(page).toContain('<p>&lt;script&gt;alert(1)&lt;/script&gt;</p>');
  });
});
