/** A piece of HTML. Everything else is text, which is escaped when it is put into HTML. */
export interface Html {
  html: string;
}

/** The control characters except tab, line feed and carriage return. */
const NOT_ALLOWED = /[^\P{Cc}\t\n\r]/gu;

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

/** Escapes text for HTML, within elements and within quoted attributes. Of control characters, HTML allows only white space. */
export const escaped = (text: string) =>
  text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '').replace(NOT_ALLOWED, ' ');

const written = (value: string | Html | readonly Html[]): string => {
  if (typeof value === 'string') return escaped(value);
  return 'html' in value ? value.html : value.map(({ html }) => html).join('');
};

/** Makes HTML of a template. The values in it are text, unless they are HTML themselves. */
export const html = (template: TemplateStringsArray, ...values: (string | Html | readonly Html[])[]): Html => ({
  html: template.map((part, index) => part + written(values[index] ?? '')).join(''),
});
