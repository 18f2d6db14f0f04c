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

/** Text that a template answers as it is: its `$` and `#` are no references and no directives. */
const verbatim = (text) =>
  set('dollar', "'$'") +
  set('hash', "'#'") +
  text.replace(/[$#]/g, (sign) => (sign === '$' ? '$' + '{dollar}' : '$' + '{hash}'));

module.exports = { submitTemplates, verbatim };
