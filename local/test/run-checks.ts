import { stripVTControlCharacters } from 'node:util';
import { ROOT } from '@spillway/engine/paths.ts';
import { execa } from 'execa';
import { Listr, type ListrTask, PRESET_TIMER } from 'listr2';

/** What `npm test` checks, the quick checks first: the title and the npm script of each. */
const CHECKS = [
  ['Format and lint', 'lint'],
  ['Dependency rules', 'deps'],
  ['Types', 'typecheck'],
  ['Unit and property tests', 'test:unit'],
  ['Compiled templates', 'test:templates'],
  ['cfn-lint', 'lint:templates'],
  ['Engine probes', 'test:engine'],
  ['End-to-end tests', 'test:e2e'],
] as const;

/** Jest's summary of its tests. */
const TEST_COUNT = /^Tests: +(.*?),? \d+ total$/m;

interface Failure {
  title: string;
  script: string;
  output: string;
}

/** `npm test`: runs all checks, shows how far they are, and then says which of them failed and why. */
const failures: Failure[] = [];
const startedAt = performance.now();
await new Listr(CHECKS.map(taskOf), {
  exitOnError: false,
  fallbackRenderer: 'simple',
  rendererOptions: { timer: PRESET_TIMER, collapseErrors: false, showErrorMessage: false },
  fallbackRendererOptions: { timer: PRESET_TIMER },
}).run();
for (const { title, script, output } of failures) {
  console.log(`\n✘ ${title}. Run it alone: npm run ${script}\n\n${output}`);
}
console.log(`\n${summary()} in ${Math.round((performance.now() - startedAt) / 1000)} s`);
process.exitCode = failures.length > 0 ? 1 : 0;

function taskOf([title, script]: (typeof CHECKS)[number]): ListrTask {
  return {
    title,
    task: async (_, task) => {
      const check = execa('npm', ['run', '--silent', script], { cwd: ROOT, all: true, reject: false, stdin: 'ignore' });
      // a log needs only what failed
      for await (const line of check.iterable({ from: 'all' })) {
        if (process.stdout.isTTY) task.output = stripVTControlCharacters(line).trim();
      }
      const { all, failed } = await check;
      const output = stripVTControlCharacters(all);
      const count = TEST_COUNT.exec(output)?.[1];
      if (count) task.title = `${title}: ${count}`;
      if (!failed) return;
      failures.push({ title, script, output });
      throw new Error(`npm run ${script} failed`);
    },
  };
}

function summary(): string {
  const passed = `${CHECKS.length - failures.length} of ${CHECKS.length} checks passed`;
  return failures.length > 0 ? `${passed}, failed: ${failures.map(({ script }) => script).join(', ')}` : passed;
}
