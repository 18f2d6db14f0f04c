import { join } from 'node:path';
import { type Check, check, runChecks } from './checks.ts';
import { SERVICES } from './deploy.ts';
import { runEndToEnd } from './end-to-end.ts';
import { turnToPackage } from './packages.ts';
import { PYTHON, ROOT, STATE } from './paths.ts';
import { inTurn } from './setup/turn.mjs';

const bin = (name: string) => join('node_modules/.bin', name);
const template = (service: string) => join(STATE, 'solo', service, 'cloudformation-template-update-stack.json');

/** It writes colours into a pipe, too. */
const COLORS = process.stdout.isTTY ? [] : ['--colors=off'];

/** A check that packages the services, as `npm start` may do at the same time. */
function inTurnToPackage({ name, run }: Check): Check {
  return { name, run: () => inTurn(turnToPackage(ROOT), run) };
}

/** `npm test`: everything that is checked, the quick checks first. `npm test -- unit` runs the steps so named only. */
const steps = [
  check('format and lint', bin('biome'), ['ci', ...COLORS, '.'], '"npm run format" mends what can be mended.'),
  check('dependency rules', bin('depcruise'), ['services', 'shared', 'cli', 'local', 'bench', '--output-type', 'err']),
  check('types', bin('tsc'), ['--project', '.']),
  check('unit and property tests', bin('jest'), ['--selectProjects', 'unit']),
  inTurnToPackage(check('compiled templates', bin('jest'), ['--selectProjects', 'templates'])),
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
