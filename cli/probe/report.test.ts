import { markdown, redact, summary, table } from './report.ts';
import type { Result } from './runner.ts';

const result = (difference: Partial<Result> = {}): Result => ({
  probe: 'A',
  name: 'a check',
  expected: '202',
  verdict: 'pass',
  seen: '202',
  ...difference,
});
const probe = { letter: 'A', title: 'The door', minutes: 1, lanes: [], does: [], prepare: async () => {}, checks: [] };
const heading = { stage: 'dev', place: 'eu-west-1', startedAt: new Date(), interrupted: false };

describe('the report of a probe', () => {
  it('contains no secret, no account id and no API id, but keeps times in milliseconds', () => {
    const text =
      'key abc.def in arn:aws:sqs:eu-west-1:123456789012:lane, /123456789012/lane, acceptedAt=1764208245000, https://a1b2c3.execute-api.eu-west-1.amazonaws.com';
    expect(redact(text, ['abc.def', ''])).toBe(
      'key … in arn:aws:sqs:eu-west-1:<account>:lane, /<account>/lane, acceptedAt=1764208245000, https://<api>.execute-api.eu-west-1.amazonaws.com',
    );
  });

  it('counts what cannot be said apart from what passed', () => {
    expect(summary([result(), result({ verdict: 'cannot say here' }), result({ verdict: 'fail' })])).toBe(
      '1 pass, 1 fail, 1 cannot say here',
    );
  });

  it('shows what was expected below a check that failed', () => {
    expect(table([result(), result({ verdict: 'fail', seen: '500' })]).split('\n')).toEqual([
      'A  pass             a check: 202',
      'A  fail             a check: 500',
      expect.stringMatching(/^ +expected: 202$/),
    ]);
  });

  it('keeps a row of its table on one line, whatever was seen', () => {
    const text = markdown(heading, [probe], { results: [result({ seen: 'a|b\n<c>\\' })], leftBehind: [] });
    expect(text).toContain('| pass | a check | 202 | a\\|b &lt;c>\\\\ |');
    expect(text).toMatch(/## Left behind\n\nNothing\.\n$/);
  });

  it('says that it was interrupted, and what is left behind', () => {
    const text = markdown({ ...heading, interrupted: true }, [probe], {
      results: [],
      leftBehind: ['delete x: denied'],
    });
    expect(text).toContain('It was interrupted');
    expect(text).toContain('- could not delete x: denied');
  });
});
