const ESCAPED: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string) => text.replace(/[&<>"]/g, (character) => ESCAPED[character] ?? '');

/** The page of a document as HTML. Whatever the text contains is shown as it is. */
export function pageOf(title: string, text: string): string {
  const paragraphs = text.split(/\n{2,}/).map((paragraph) => `<p>${escaped(paragraph.trim())}</p>`);
  return `<!doctype html>\n<title>${escaped(title)}</title>\n<h1>${escaped(title)}</h1>\n${paragraphs.join('\n')}\n`;
}
