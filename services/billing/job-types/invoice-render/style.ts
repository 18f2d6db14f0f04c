import { html } from './html.ts';

/** Dark text on white, one column on a phone, and no row torn apart on paper. It contains nothing that a client sent. */
export const STYLE = html`body { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff; margin: 0 auto; padding: 1.5rem; max-width: 50rem }
dl div { display: flex; gap: 1rem } dt { min-width: 8rem } dd { margin: 0 }
.parties { display: flex; flex-wrap: wrap; gap: 1rem 4rem } address { font-style: normal } h2 { font-size: 1rem; margin-bottom: 0 }
table { width: 100%; border-collapse: collapse; margin-top: 2rem } caption { text-align: left; font-weight: bold }
th, td { text-align: left; font-weight: normal; padding: .25rem .5rem; border-bottom: 1px solid #767676; vertical-align: top }
thead th, .gross th, .gross td { font-weight: bold } .number { text-align: right; white-space: nowrap }
.totals { width: auto; min-width: 50%; margin-left: auto } main > p { white-space: pre-wrap }
@page { margin: 20mm } @media print { body { padding: 0; max-width: none } tr, section { break-inside: avoid } thead { display: table-header-group } }`;
