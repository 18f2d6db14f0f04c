import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '@spillway/engine/paths.ts';
import { inCommands } from './in-commands.ts';

/** The words of those who call the front door without the CLI. */
const HTTP_WORDS = /\b(?:GET|HEAD|PUT|POST|PATCH|DELETE) \/|\bPUT\b|Location|Retry-After|[Hh]eader|overlapHours|poll /;
/** The client sends JSON and keys of its own, and no request that the front door does not have. */
const NEVER_SEEN = ['bodyMissing', 'unsupportedMediaType', 'wrongMethod'];

/** Loaded in another process, because the CLI does not import services. */
const LOAD = `import { PROBLEMS } from '${join(ROOT, 'services/ingress/problems.ts')}'; console.log(JSON.stringify(PROBLEMS));`;
const PROBLEMS: Record<string, { detail: string }> = JSON.parse(
  execFileSync(process.execPath, ['--input-type=module', '--eval', LOAD], { encoding: 'utf8' }),
);

it.each(Object.entries(PROBLEMS).filter(([name]) => !NEVER_SEEN.includes(name)))(
  'the refusal %s speaks of commands on the command line, and not of HTTP',
  (_, { detail }) => {
    expect(inCommands(`The job could not be read (404). ${detail}`)).not.toMatch(HTTP_WORDS);
  },
);

it('what the AWS SDK says about missing credentials becomes what to do', () => {
  expect(inCommands('Could not load credentials from any providers')).toMatch(
    /set them in the environment, such as AWS_/,
  );
});

it('a refusal on the command line names the command that helps', () => {
  expect(inCommands('There is no webhook crm. GET /webhooks lists them all.')).toBe(
    'There is no webhook crm. To list them: npm run spillway -- webhooks list',
  );
  expect(
    inCommands('The job was refused (404). There is no such path or method. GET /openapi.json lists them all.'),
  ).toBe(
    'The job was refused (404). This stage does not know this job type or command yet: deploy it (on the local engine: npm run spillway -- up).',
  );
  expect(inCommands('replay it with POST /admin/replays, as job j of type t and tenant n.')).toBe(
    'replay it with: npm run spillway -- replay --job n/t/j',
  );
});
