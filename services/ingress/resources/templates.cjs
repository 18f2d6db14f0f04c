const { readFileSync } = require('node:fs');
const { join } = require('node:path');

/** A mapping template in one line: line breaks would become part of the message. */
const template = (file) =>
  readFileSync(join(__dirname, file), 'utf8')
    .split('\n')
    .map((line) => line.trim())
    .join('');

/** A Velocity assignment; the value is an expression of the template language. */
const set = (name, expression) => `#set($${name} = ${expression})`;

/**
 * The three mapping templates of a submit.
 *
 * @param jobType the contract
 * @param idExpression `""` for POST, the path's id for PUT
 * @param limitBytes how long a message of this lane may be
 */
function submitTemplates(jobType, idExpression, limitBytes) {
  const { lane } = jobType;
  const orderKey = lane.kind === 'ordered' ? `$input.path('$.${lane.orderKey}')` : '""';
  return {
    request: set('jobId', idExpression) + set('orderKey', orderKey) + template('submit.vtl'),
    accepted: set('jobId', idExpression) + template('accepted.vtl'),
    refused: set('limit', String(limitBytes)) + template('refused.vtl'),
  };
}

/** How JSON can write them otherwise. */
const ESCAPED = { $: '\\u0024', '#': '\\u0023' };

/** JSON that a template answers as it is: its `$` and `#` are no references and no directives. */
const verbatim = (json) =>
  set('dollar', "'$'") +
  set('hash', "'#'") +
  json.replace(/(\\?)([$#])/g, (_, backslash, sign) => {
    // a backslash, as in a pattern, would keep Velocity from filling in what follows
    if (backslash) return backslash + ESCAPED[sign];
    return sign === '$' ? '$' + '{dollar}' : '$' + '{hash}';
  });

module.exports = { submitTemplates, verbatim };
