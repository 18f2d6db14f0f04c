import { html } from './html.ts';

/**
 * Dark text on white. On a phone, the parties are below each other and only a wide table scrolls, not the page. On paper, no
 * row is torn apart and the totals stay together. It contains nothing that a client sent.
 */
export const STYLE = html`body { font: 1rem/1.5 system-ui, sans-serif; color: #111; background: #fff; margin: 0 auto; padding: 1.5rem; max-width: 50rem }
h1 { font-size: clamp(1.4rem, 6vw, 2rem); line-height: 1.2; overflow-wrap: anywhere } h2 { font-size: 1em; margin-bottom: 0 }
dl { display: grid; grid-template-columns: max-content 1fr; column-gap: 1.5rem } dl div { display: contents } dd { margin: 0 }
.parties { display: flex; flex-wrap: wrap; gap: 1rem 4rem } section { max-width: 20rem } address { font-style: normal; overflow-wrap: anywhere }
section p { margin: .25rem 0 0 } .wide { overflow-x: auto; margin-top: 2rem }
table { width: 100%; border-collapse: collapse; font-variant-numeric: tabular-nums } caption { text-align: left; font-weight: bold }
th, td { text-align: left; font-weight: normal; padding: .3rem .5rem; border-bottom: 1px solid #bbb; vertical-align: top }
tr > :first-child { padding-left: 0 } tr > :last-child { padding-right: 0 } tbody th { overflow-wrap: anywhere; min-width: 9rem }
thead th { font-weight: bold; border-bottom-color: #111 } .gross > * { font-weight: bold; border-bottom: 2px solid #111 }
.number { text-align: right; white-space: nowrap } .totals { width: auto; min-width: 50%; margin-left: auto }
main > p { white-space: pre-wrap; margin-top: 2rem; overflow-wrap: anywhere }
@page { margin: 18mm } @media print { body { font-size: 9.5pt; padding: 0; max-width: none } .wide { overflow: visible }
tr, section, .totals, main > p { break-inside: avoid } thead { display: table-header-group } }`;
