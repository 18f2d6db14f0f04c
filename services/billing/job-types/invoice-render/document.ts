import { type Html, html } from './html.ts';
import { LABELS } from './labels.ts';
import { STYLE } from './style.ts';
import type { Invoice, Totals } from './totals.ts';

/** An invoice as an HTML document: for screens, for screen readers (captions, scopes, a language), and for paper. */
export function invoiceDocument(invoice: Invoice, totals: Totals): string {
  const { number, issueDate, dueDate, currency, language = 'en', seller, buyer, lines, note } = invoice;
  const labels = LABELS[language];
  const amountFormat = new Intl.NumberFormat(language, { style: 'currency', currency });
  const numberFormat = new Intl.NumberFormat(language, { maximumFractionDigits: 6 });
  // a decimal as text is formatted exactly, without becoming a binary fraction
  const amount = (decimal: string) => amountFormat.format(decimal as `${number}`);
  const plain = (decimal: string) => numberFormat.format(decimal as `${number}`);
  const price = (decimal: string) => priceFormat(language, currency, decimal).format(decimal as `${number}`);
  // 23% in English, 23 % in German
  const percentFormat = new Intl.NumberFormat(language, { style: 'unit', unit: 'percent', maximumFractionDigits: 6 });
  const percent = (rate: string) => percentFormat.format(rate as `${number}`);

  return html`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${labels.invoice} ${number}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${labels.invoice} ${number}</h1>
<dl>
<div><dt>${labels.issued}</dt><dd>${date(language, issueDate)}</dd></div>
${dueDate ? html`<div><dt>${labels.due}</dt><dd>${date(language, dueDate)}</dd></div>` : ''}
</dl>
<div class="parties">
${party(labels.seller, labels.taxId, seller)}
${party(labels.buyer, labels.taxId, buyer)}
</div>
<div class="wide" role="region" aria-label="${labels.items}" tabindex="0">
<table>
<caption>${labels.items}</caption>
<thead><tr><th scope="col">${labels.description}</th><th scope="col" class="number">${labels.quantity}</th>\
<th scope="col" class="number">${labels.unitPrice}</th><th scope="col" class="number">${labels.taxRate}</th>\
<th scope="col" class="number">${labels.amount}</th></tr></thead>
<tbody>
${lines.map(
  (line, index) => html`<tr><th scope="row">${line.description}</th><td class="number">${plain(line.quantity)}</td>\
<td class="number">${price(line.unitPrice)}</td><td class="number">${percent(line.taxRate)}</td>\
<td class="number">${amount(totals.lines[index] ?? '0')}</td></tr>
`,
)}</tbody>
</table>
</div>
<div class="wide">
<table>
<caption>${labels.taxes}</caption>
<thead><tr><th scope="col">${labels.taxRate}</th><th scope="col" class="number">${labels.net}</th>\
<th scope="col" class="number">${labels.tax}</th></tr></thead>
<tbody>
${totals.taxes.map(
  ({ rate, net, tax }) => html`<tr><th scope="row">${percent(rate)}</th><td class="number">${amount(net)}</td>\
<td class="number">${amount(tax)}</td></tr>
`,
)}</tbody>
</table>
</div>
<div class="wide">
<table class="totals">
<caption>${labels.totals}</caption>
<tbody>
<tr><th scope="row">${labels.net}</th><td class="number">${amount(totals.net)}</td></tr>
<tr><th scope="row">${labels.tax}</th><td class="number">${amount(totals.tax)}</td></tr>
<tr class="gross"><th scope="row">${labels.gross}</th><td class="number">${amount(totals.gross)}</td></tr>
</tbody>
</table>
</div>
${note === undefined ? '' : html`<p>${note}</p>`}
</main>
</body>
</html>
`.html;
}

const party = (role: string, taxIdLabel: string, { name, address, taxId }: Invoice['seller']): Html =>
  html`<section aria-label="${role}"><h2>${role}</h2><address>${name}${address.map((line) => html`<br>${line}`)}</address>\
${taxId === undefined ? '' : html`<p>${taxIdLabel} ${taxId}</p>`}</section>`;

/** A date must be the same day everywhere, so the time zone is fixed. */
const date = (language: string, day: string): Html => {
  const format = new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' });
  return html`<time datetime="${day}">${format.format(new Date(day))}</time>`;
};

/** A unit price shows all decimal places that were given, and at least those of its currency. */
const priceFormat = (language: string, currency: string, price: string) =>
  new Intl.NumberFormat(language, {
    style: 'currency',
    currency,
    maximumFractionDigits: Math.max(
      price.split('.')[1]?.length ?? 0,
      new Intl.NumberFormat(language, { style: 'currency', currency }).resolvedOptions().minimumFractionDigits ?? 0,
    ),
  });
