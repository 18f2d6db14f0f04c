import type { RequestOptions } from '@spillway/client/front-door.ts';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import { laneOf } from '@spillway/shared/contracts/lane.ts';
import { type Check, expectAll } from '../../check.ts';
import { described, type Lanes, PATH, post } from './submit.ts';

const INPUT = csvImport.example.input;
const GOOD = JSON.stringify(INPUT);

/** A check of a refused request: a problem document whose detail has a word. */
const refusal = (name: string, options: RequestOptions, status: number, word: string): Check<Lanes> => ({
  name,
  expected: `${status}, a problem document whose detail contains "${word}"`,
  async run(_, context) {
    const answer = await post(context, options);
    return expectAll(described(answer), {
      [`status ${status}`]: answer.status === status,
      'application/problem+json': answer.headers.get('content-type') === 'application/problem+json',
      'the reason in its detail': answer.body?.detail?.toLowerCase().includes(word) ?? false,
      // the client makes a detail of text that is not JSON
      'valid JSON': Number(answer.body?.status) === status,
    });
  },
});

/** A check of a PUT to a path segment as it is written. The job fails later if its id is invalid, with the reason. */
const segment = (name: string, written: string, allowed: number[], id: string): Check<Lanes> => ({
  name: `PUT with ${name}`,
  expected: `${allowed.join(' or ')}; with 202 the same id in the answer, and only visible ASCII in Location`,
  async run(_, context) {
    const answer = await post(context, { method: 'PUT' }, `${PATH}/${written}`);
    const location = answer.headers.get('location');
    const accepted = answer.status === 202;
    return expectAll(`${described(answer)}, ${JSON.stringify(answer.body?.jobId)}, Location ${location}`, {
      status: allowed.includes(answer.status),
      'the same id': !accepted || answer.body.jobId === id,
      Location: !accepted || /^[!-~]+$/.test(location ?? ''),
    });
  },
});

/** Unusual and refused requests. */
export const REQUESTS: Check<Lanes>[] = [
  {
    name: 'content type with a charset',
    expected: '202',
    async run(_, context) {
      const answer = await post(context, { headers: { 'content-type': 'application/json; charset=utf-8' } });
      return expectAll(described(answer), { 'status 202': answer.status === 202 });
    },
  },
  refusal('another content type', { body: 'a=1', headers: { 'content-type': 'text/plain' } }, 415, 'application/json'),
  refusal('a missing field', { body: '{"csv":"a"}' }, 400, 'columns'),
  refusal('a value that the contract does not list', { body: JSON.stringify({ ...INPUT, delimiter: '|' }) }, 400, '|'),
  refusal(
    'a field of the wrong type, whose name has quotes',
    { body: JSON.stringify({ ...INPUT, '"a\\"': 1 }) },
    400,
    'not allowed',
  ),
  refusal('malformed JSON', { body: '{"csv":' }, 400, 'json'),
  refusal(
    'a body of the lane’s limit + 1',
    { body: GOOD.padEnd(laneOf(csvImport).maximumMessageBytes + 1) },
    413,
    'bytes',
  ),
  refusal('a body of 10 MiB + 1', { body: GOOD.padEnd(10 * 1_048_576 + 1) }, 413, 'bytes'),
  segment('an apostrophe', "a'b", [202], "a'b"),
  segment('a letter of another language', '%C3%A4', [202], 'ä'),
  segment('an encoded slash', 'a%2Fb', [202, 404], 'a/b'),
  segment('65 characters', 'x'.repeat(65), [202], 'x'.repeat(65)),
  {
    name: 'POST to a path with a slash at its end',
    expected: '202, and Location without two slashes',
    async run(_, context) {
      const answer = await post(context, {}, `${PATH}/`);
      const location = answer.headers.get('location') ?? '';
      return expectAll(`${described(answer)}, Location ${location}`, {
        'status 202': answer.status === 202,
        Location: location.includes(`${PATH}/${answer.body.jobId}?`),
      });
    },
  },
  {
    name: 'an unknown path, with and without a token',
    expected: '404 both times',
    async run(_, { tenant }) {
      const seen = await Promise.all(
        [{}, { authorization: undefined, 'x-api-key': undefined }].map(
          async (headers) => (await tenant.door.request('/nowhere', { headers })).status,
        ),
      );
      return expectAll(seen.join(' and '), { '404': seen.every((status) => status === 404) });
    },
  },
];
