import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@spillway/engine/paths.ts';

/** The job types that docs/add-a-job-type.md adds: the second one is its first, made a workflow. */
export const GUIDED = ['word-count', 'word-tally'] as const;

const JOB_TYPES = 'services/processing/job-types';
const CODE_BLOCK = /^( *)```(?:ts|yaml)\n(.*?)^\1```$/gms;

/**
 * The files that docs/add-a-job-type.md tells its reader to write, by path, so that the tests deploy what the page says.
 *
 * @throws Error if the page has other blocks of code than are known here
 */
export function guidedFiles(): Record<string, string> {
  const page = readFileSync(join(ROOT, 'docs/add-a-job-type.md'), 'utf8');
  const blocks = [...page.matchAll(CODE_BLOCK)].map(([, indent = '', code = '']) =>
    code.replaceAll(`\n${indent}`, '\n').trimStart(),
  );
  const [contract, run, handler, settings, waiting, step, stepSettings, workflow, ...others] = blocks;
  if (
    !contract ||
    !run ||
    !handler ||
    !settings ||
    !waiting ||
    !step ||
    !stepSettings ||
    !workflow ||
    others.length > 0
  ) {
    throw new Error(
      `docs/add-a-job-type.md has ${blocks.length} files, and local/test/guide-files.ts knows eight: bring them together`,
    );
  }
  const [inline, express] = GUIDED;
  const folder = `${JOB_TYPES}/${inline}`;
  const tally = `${JOB_TYPES}/${express}`;
  const renamed = (code: string) => code.replaceAll(inline, express);
  return {
    [`shared/contracts/jobs/${inline}.ts`]: contract,
    [`${folder}/run.ts`]: run,
    [`${folder}/handler.ts`]: handler,
    [`${folder}/function.yml`]: settings,
    [`shared/contracts/jobs/${express}.ts`]: renamed(contract)
      .replace("run: 'inline'", "run: 'express'")
      .replace('timeoutSeconds: 5', 'timeoutSeconds: 30')
      .replace("batchRuns: 'one-by-one'", "batchRuns: 'together'"),
    [`${tally}/handler.ts`]: renamed(waiting),
    [`${tally}/function.yml`]: settings,
    [`${tally}/workflow.yml`]: workflow,
    [`${tally}/steps/count/handler.ts`]: step,
    [`${tally}/steps/count/function.yml`]: stepSettings,
  };
}
