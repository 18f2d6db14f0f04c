import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@spillway/engine/paths.ts';

/** A step of docs/add-a-job-type.md. */
export type GuideStep = { kind: 'write'; path: string; text: string } | { kind: 'run'; args: string[] };

/** A block of code, which may be indented, and what its first line says after the language. */
const CODE_BLOCK = /^( *)```(\w+)([^\n]*)\n(.*?)^\1```$/gms;
const TITLE = /title="([^"]+)"/;
const CONTRACT = /^shared\/contracts\/jobs\/([a-z0-9-]+)\.ts$/;
/** The commands of the guide that write files. */
const NEW_COMMAND = /^npm run spillway -- (new .+?)(?: +#.*)?$/gm;

/**
 * The files that a guide has its reader write, and the commands that write files, in the order of the page. A block
 * is a file if its first line names it: ```` ```ts title="services/…/run.ts" ````.
 */
export function guideSteps(page: string): GuideStep[] {
  return [...page.matchAll(CODE_BLOCK)].flatMap(([, indent = '', language, info = '', code = '']): GuideStep[] => {
    const text = code.replace(new RegExp(`^${indent}`, 'gm'), '');
    const path = TITLE.exec(info)?.[1];
    if (path) return [{ kind: 'write', path, text }];
    if (language !== 'sh') return [];
    return [...text.matchAll(NEW_COMMAND)].map(([, command = '']) => ({ kind: 'run', args: command.split(/ +/) }));
  });
}

/** The job types that a guide adds. */
export function guidedJobTypes(steps: readonly GuideStep[]): string[] {
  const names = steps.map((step) => {
    if (step.kind === 'write') return CONTRACT.exec(step.path)?.[1];
    const [, what, name] = step.args;
    return what === 'job-type' ? name : undefined;
  });
  return [...new Set(names.filter((name) => name !== undefined))];
}

export const readGuide = (): GuideStep[] => guideSteps(readFileSync(join(ROOT, 'docs/add-a-job-type.md'), 'utf8'));
