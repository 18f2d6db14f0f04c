import { join } from 'node:path';
import { SERVICES } from '@spillway/engine/deploy.ts';
import { packagingLock } from '@spillway/engine/packages.ts';
import { PYTHON, ROOT, STATE } from '@spillway/engine/paths.ts';
import { withLock } from '@spillway/setup/lock.mjs';
import { type Check, check, runChecks } from './checks.ts';
import { runEndToEnd } from './end-to-end.ts';

const bin = (name: string) => join('node_modules/.bin', name);
const template = (service: string) => join(STATE, 'solo', service, 'cloudformation-template-update-stack.json');

/** It writes colours into a pipe, too. */
const COLORS = process.stdout.isTTY ? [] : ['--colors=off'];

/** A check that packages the services, as `npm start` may do at the same time. */
function whilePackaging({ name, run }: Check): Check {
  return { name, run: () => withLock(packagingLock(ROOT), run) };
}

/** `npm test`: everything that is checked, the quick checks first. `npm test -- unit` runs the steps so named only. */
const steps = [
  check('format and lint', bin('biome'), ['ci', ...COLORS, '.'], '"npm run format" mends what can be mended.'),
  check('dependency rules', bin('depcruise'), [
    'services',
    'shared',
    'client',
    'cli',
    'local',
    'bench',
    '--output-type',
    'err',
  ]),
  check('types', bin('tsc'), ['--project', '.']),
  check('unit and property tests', bin('jest'), ['--selectProjects', 'unit']),
  whilePackaging(check('compiled templates', bin('jest'), ['--selectProjects', 'templates'])),
  check('cfn-lint', join(PYTHON, '../cfn-lint'), SERVICES.map(template)),
  check('engine probes', PYTHON, [
    '-m',
    'unittest',
    'discover',
    '--start-directory',
    'local/engine/probes',
    '--top-level-directory',
    'local/engine',
  ]),
  { name: 'end-to-end tests', run: runEndToEnd },
];

await runChecks(steps, process.argv.slice(2));
