import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { engine } from '@spillway/e2e/deployed.ts';
import { ROOT } from '@spillway/engine/paths.ts';
import { as, SPILLWAY, spillway } from './testing/run-spillway.ts';

/** `{"a": "ü"}` in Latin-1. */
const LATIN1 = join(mkdtempSync(join(tmpdir(), 'spillway-')), 'latin1.json');
writeFileSync(LATIN1, Buffer.from('{"a":"ü"}', 'latin1'));
const EMPTY = join(dirname(LATIN1), 'empty.jsonl');
writeFileSync(EMPTY, '');
const NO_COLUMNS = join(dirname(LATIN1), 'no-columns.json');
writeFileSync(NO_COLUMNS, '{"csv":"a,b"}');
const BACKWARDS = ['--from', '2026-03-02', '--to', '2026-03-01'];
/** What only helps those who call the front door without the CLI. */
const HTTP_WORDS = /(?:GET|POST) \/|Location|Retry-After/;
const SCHEDULE = ['schedule', 'put', 'x', 'csv-import', '--expression'];
const JOB = ['status', 'csv-import', 'no-such-job'];

describe('spillway with a command that it cannot run', () => {
  it.each([
    ['an unknown command', ['frobnicate'], 2, "Unknown command 'frobnicate'. Commands: up, down"],
    ['an unknown command that every object has', ['constructor'], 2, "Unknown command 'constructor'"],
    ['a missing file to upload', ['upload', '/nowhere.csv'], 2, '/nowhere.csv does not exist.'],
    ['a folder to upload', ['upload', '/tmp'], 2, '/tmp is not a file.'],
    ['an empty file of jobs', ['bulk', 'csv-import', EMPTY], 2, 'is empty.'],
    ['an impossible rate', ['bulk', 'csv-import', SPILLWAY, '--rate', '5001'], 2, 'at most 5000'],
    ['an impossible time', ['move', 'csv-import', 'x', 'tomorrow'], 2, 'or seconds from now such as 3600'],
    ['an unknown job to move', ['move', 'csv-import', 'no-such-job', '60', ...as('one')], 1, '404'],
    ['an impossible decision', ['decide', 'document-approval', 'x', 'perhaps'], 2, 'approve, reject'],
    ['an unknown job to decide', ['decide', 'document-approval', 'x', 'approve', ...as('one')], 1, '404'],
    ['a job that nobody decides', ['decide', 'csv-import', 'x', 'approve', ...as('one')], 2, 'document-approval'],
    ['a misspelt command', ['sumbit', 'csv-import'], 2, 'Did you mean submit?'],
    ['too few arguments', ['status', 'csv-import'], 2, 'Usage: spillway status [options] <type> <id>'],
    ['too many arguments', ['down', 'now'], 2, 'Usage: spillway down'],
    ['an unknown option', ['submit', 'csv-import', '--fast'], 2, "Unknown option '--fast'. Usage: spillway submit"],
    ['a misspelt option', ['submit', 'csv-import', '--inptu', 'x'], 2, 'Did you mean --input?'],
    ['an unknown job type', ['submit', 'no-such-type', ...as('one')], 2, 'csv-import'],
    ['an unknown job type to look at', ['status', 'no-such-type', 'x', ...as('one')], 2, 'csv-import'],
    ['a missing file', ['submit', 'csv-import', '--input', '/nowhere.json'], 2, '/nowhere.json'],
    ['an input that is not JSON', ['submit', 'csv-import', '--input', SPILLWAY], 2, 'JSON'],
    ['an invalid job id', ['submit', 'csv-import', '--id', 'a b', ...as('one')], 2, '--id'],
    ['an input that is not UTF-8', ['submit', 'csv-import', '--input', LATIN1, ...as('one')], 2, 'not UTF-8'],
    ['an accepted-at that submit did not print', [...JOB, '--accepted-at', '1&x=2', ...as('one')], 2, 'submit printed'],
    ['an impossible time to start', ['submit', 'csv-import', '--run-after', 'tomorrow'], 2, 'a day such as 2026-03-01'],
    ['an impossible deadline', ['submit', 'csv-import', '--expires-after', '1h'], 2, 'seconds from now such as 3600'],
    [
      'an impossible trace',
      ['submit', 'csv-import', '--traceparent', 'x'],
      2,
      'look like 00-0af7651916cd43dd8448eb211c',
    ],
    [
      'an impossible value to find failures by',
      ['failures', '--replayed', 'x'],
      2,
      'Usage: spillway failures [options]',
    ],
    ['an impossible time to find failures by', ['failures', '--from', 'yesterday'], 2, 'a day such as 2026-03-01'],
    ['an impossible day to cancel by', ['cancel', 'csv-import', '--to', '2026-02-30'], 2, "Option '--to <time>'"],
    ['an impossible end of a schedule', [...SCHEDULE, 'rate(1 day)', '--ends-at', '2027'], 2, "Option '--ends-at"],
    ['a period that is empty', ['failures', ...BACKWARDS], 2, "Option '--from' must be before '--to': 2026-03-02T"],
    ['a report from the future on', ['report', '--from', '2999-01-01'], 2, "must be before '--to'"],
    ['an empty period of events', ['events', 'replay', ...BACKWARDS], 2, 'Usage: spillway events replay'],
    [
      'an input that does not fit',
      ['submit', 'csv-import', '--input', NO_COLUMNS, ...as('one')],
      1,
      'import: columns: ',
    ],
    ['an unknown webhook', ['webhooks', 'show', 'no-such-webhook', ...as('one')], 1, 'spillway -- webhooks list'],
    ['an unknown command to explain', ['help', 'events', 'relive'], 2, "'relive'. Commands: resend, replay"],
    ['an unknown type to find failures by', ['failures', '--type', 'nothing'], 1, 'type: '],
    ['a replay of everything', ['replay', '--yes'], 1, 'was refused (400: filter: is empty'],
    ['a replay of something else than a job', ['replay', '--job', 'x'], 2, '<tenant>/<type>/<id>'],
    [
      'a cancelling of everything',
      ['cancel', 'csv-import', ...as('one')],
      1,
      '(400). filter: is empty and would cancel every',
    ],
    ['a job to cancel and a filter', ['cancel', 'csv-import', 'x', '--status', 'QUEUED'], 2, 'leave out x or --status'],
    ['a schedule without times', ['schedule', 'put', 'x', 'csv-import'], 2, "Required option '--expression"],
    ['an impossible schedule', [...SCHEDULE, '* * * * *', ...as('one')], 1, 'expression: use "rate'],
    ['an unknown schedule', ['schedule', 'show', 'no-such-schedule', ...as('one')], 1, '404'],
    ['an unknown status', ['list', 'csv-import', '--status', 'DONE', ...as('one')], 2, 'SUCCEEDED'],
    ['an impossible limit', ['list', 'csv-import', '--limit', '0', ...as('one')], 2, 'at least 1'],
    ['a search without a value', ['list', 'csv-import', '--where', 'orderId', ...as('one')], 2, 'orderId=order-1001'],
    ['an invalid tenant for up', ['up', ...as('Bad Name')], 2, 'tenant name'],
    ['an unknown job', ['status', 'csv-import', 'no-such-job', ...as('one')], 1, 'add --accepted-at'],
    ['an unknown job to watch', ['watch', 'csv-import', 'no-such-job', ...as('one')], 3, '404'],
    [
      'an id that is reserved',
      ['submit', 'csv-import', '--id', 'batch', ...as('one')],
      2,
      '"batch", "cancellations", ".", "..".',
    ],
    ['an empty standard input', ['submit', 'csv-import', '--input', '-', ...as('one')], 2, 'from standard input'],
    ['an invalid tenant', ['submit', 'csv-import', ...as('../one')], 2, 'tenant name'],
    ['a tenant without credentials', ['submit', 'csv-import', ...as('nobody')], 1, 'tenant create nobody'],
    ['an unknown tenant command', ['tenant', 'praise', 'x'], 2, 'Commands: create, rotate, suspend'],
    ['an unknown probe', ['probe', '--only', 'A,Z'], 2, 'The probes are A, B, C, D, E.'],
    ['the stage local to probe', ['probe', '--stage', 'local', '--yes'], 1, 'leave --stage out'],
    ['an invalid name for a new tenant', ['tenant', 'create', 'No Name'], 2, 'No Name'],
    ['an existing tenant to create', ['tenant', 'create', 'one'], 1, 'tenant rotate one'],
    ['a missing tenant to rotate', ['tenant', 'rotate', 'nobody'], 1, 'tenant create nobody'],
    ['a missing tenant to suspend', ['tenant', 'suspend', 'nobody'], 1, 'tenant create nobody'],
  ])('answers %s on the command line with one line that says what to do', async (_, args, code, remedy) => {
    const ran = await spillway(args);
    expect([ran.code, ran.out]).toEqual([code, '']);
    expect(ran.error.trim().split('\n')).toEqual([expect.stringContaining(remedy)]);
    expect(ran.error).not.toMatch(HTTP_WORDS);
  });

  it('says how to start an engine when none is running, and that none can be stopped', async () => {
    const ran = await spillway(['submit', 'csv-import'], { SPILLWAY_ENGINE: 'none' });
    expect([ran.code, ran.error]).toEqual([1, expect.stringContaining('spillway -- up')]);
    expect(await spillway(['down'], { SPILLWAY_ENGINE: 'none' })).toMatchObject({
      code: 0,
      error: 'No engine was running.\n',
    });
  });

  it('looks for a stage on AWS in the default region and names the region', async () => {
    const aws = {
      AWS_ENDPOINT_URL: engine.endpoint,
      AWS_ENDPOINT_URL_CLOUDFORMATION: engine.endpoint,
      AWS_PROFILE: '',
    };
    for (const command of [
      ['tenant', 'create', 'acme'],
      ['probe', '--yes'],
    ]) {
      const ran = await spillway([...command, '--stage', 'nowhere'], { ...aws, AWS_REGION: '' });
      expect([ran.code, ran.error]).toEqual([
        1,
        expect.stringMatching(/nowhere was not found in eu-west-1 .*AWS_REGION/),
      ]);
    }
  });

  it('lists the commands when spillway runs without arguments or with help', async () => {
    for (const args of [[], ['help'], ['--help']]) {
      expect(await spillway(args)).toMatchObject({
        code: 0,
        out: expect.stringContaining('watch [options]'),
        error: '',
      });
    }
  });

  it('shows the usage of a single command of spillway', async () => {
    for (const args of [
      ['submit', '--help'],
      ['submit', '-h'],
      ['help', 'submit'],
    ]) {
      expect(await spillway(args)).toMatchObject({
        code: 0,
        out: expect.stringMatching(/^Usage: spillway submit .*--input <file>/s),
        error: '',
      });
    }
    expect(await spillway(['help', 'events', 'replay'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^Usage: spillway events replay .*--rule <name>/s),
      error: '',
    });
  });

  it('says the version of the sources', async () => {
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(await spillway(['--version'])).toMatchObject({ code: 0, out: `${version}\n`, error: '' });
  });
});
