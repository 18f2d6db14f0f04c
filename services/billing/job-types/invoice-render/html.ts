/** A piece of HTML. Everything else is text, which is escaped when it is put into HTML. */
export interface Html {
  html: string;
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for HTML, within elements and within quoted attributes. HTML allows no control characters. */
export const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replace(/\p{Cc}/gu, ' ');

const written = (value: string | Html | readonly Html[]): string => {
  if (typeof value === 'string') return escaped(value);
  return 'html' in value ? value.html : value.map(({ html }) => html).join('');
};

/** Makes HTML of a template. The values in it are text, unless they are HTML themselves. */
export const html = (template: TemplateStringsArray, ...values: (string | Html | readonly Html[])[]): Html => ({
  html: template.map((part, index) => part + written(values[index] ?? '')).join(''),
});
