import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Probe } from './check.ts';
import type { Findings, Result, Verdict } from './runner.ts';

const VERDICTS: readonly Verdict[] = ['pass', 'fail', 'cannot say here'];

/** What a report begins with. */
export interface Heading {
  stage: string;
  /** The region, or that it was the local engine. */
  place: string;
  startedAt: Date;
  interrupted: boolean;
}

/** Removes what nobody else may know: the given secrets and names, account ids, and the ids of APIs. */
export const redact = (text: string, secrets: readonly string[]): string =>
  secrets
    .filter((secret) => secret.length > 0)
    .reduce((left, secret) => left.replaceAll(secret, '…'), text)
    // a job's time in milliseconds has 13 digits
    .replace(/(?<![0-9A-Za-z])\d{12}(?![0-9A-Za-z])/g, '<account>')
    .replace(/[0-9a-z]+(?=\.execute-api\.)/g, '<api>');

/** How many checks had each verdict: `31 pass, 1 fail, 9 cannot say here`. */
export const summary = (results: readonly Result[]): string =>
  VERDICTS.map((verdict) => `${results.filter((each) => each.verdict === verdict).length} ${verdict}`).join(', ');

/** The table for a terminal: a line for each check, and below a failed one what was expected. */
export const table = (results: readonly Result[]): string =>
  results
    .map(({ probe, name, verdict, seen, expected }) => {
      const line = `${probe}  ${verdict.padEnd('cannot say here'.length)}  ${name}: ${seen}`;
      return verdict === 'fail' ? `${line}\n${' '.repeat(20)}expected: ${expected}` : line;
    })
    .join('\n');

/** The whole report as Markdown. */
export function markdown(
  { stage, place, startedAt, interrupted }: Heading,
  probes: readonly Probe<unknown>[],
  { results, leftBehind }: Findings,
): string {
  const sections = probes.map(({ letter, title }) => {
    const rows = results.filter(({ probe }) => probe === letter);
    const lines = rows.map((row) => `| ${[row.verdict, row.name, row.expected, row.seen].map(cell).join(' | ')} |`);
    return [
      `## ${letter}. ${title}`,
      '',
      '| verdict | check | expected | seen |',
      '| --- | --- | --- | --- |',
      ...lines,
    ];
  });
  return [
    `# Spillway probe of stage ${stage} (${place})`,
    '',
    `Started ${startedAt.toISOString()}, took ${Math.round((Date.now() - startedAt.getTime()) / 1000)} s. ${summary(results)}.`,
    ...(interrupted ? ['', 'It was interrupted before it was done.'] : []),
    ...sections.flatMap((section) => ['', ...section]),
    '',
    '## Left behind',
    '',
    ...(leftBehind.length > 0 ? leftBehind.map((each) => `- could not ${each}`) : ['Nothing.']),
    '',
  ].join('\n');
}

/** A text inside a table: on one line, without bars and HTML. */
const cell = (text: string) =>
  text.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replaceAll('<', '&lt;').replace(/\s+/g, ' ');

/** Writes a report that only its owner can read. */
export function writeReport(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text, { mode: 0o600 });
}
