import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { STAGE } from './environment.ts';
import { LocalError } from './errors.ts';

/** What a package is not made from. */
const NO_SOURCE = /(^|\/)(node_modules|\.serverless|\.esbuild[^/]*|testing)(\/|$)|\.test\.ts$|\.md$/;
/** Beside a kept package: the digest of what it was made from. */
const STAMP = 'sources.sha256';

/** Hold this lock to package in a tree: each service's Serverless CLI always works in the same folders. */
export const packagingLock = (root: string) => join(root, '.spillway/packages.lock');

/** Where the package lies that was deployed last. */
export const packageFolder = (root: string, service: string) => join(root, '.spillway/packages', service);

/** The folder of a service's kept package, if it is still what would be packaged now. */
export function keptPackage(root: string, service: string): string | undefined {
  const folder = packageFolder(root, service);
  const stamp = join(folder, STAMP);
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOf(root, service) ? folder : undefined;
}

/**
 * Keeps the package that the Serverless CLI has just made and deployed.
 *
 * @throws LocalError if somebody packaged the service for another stage meanwhile
 */
export function keepPackage(root: string, service: string): void {
  const folder = packageFolder(root, service);
  const made = join(root, 'services', service, '.serverless');
  const { stage } = JSON.parse(readFileSync(join(made, 'serverless-state.json'), 'utf8')).service.provider;
  if (stage !== STAGE) {
    throw new LocalError(
      'PACKAGED_BESIDE',
      `While services/${service} was deployed, something else packaged it for the stage ${stage}. Start again.`,
    );
  }
  rmSync(folder, { recursive: true, force: true });
  cpSync(made, folder, { recursive: true });
  writeFileSync(join(folder, STAMP), digestOf(root, service));
}

/** Has every service packaged again the next time. */
export const forgetPackages = (root: string): void =>
  rmSync(join(root, '.spillway/packages'), { recursive: true, force: true });

function digestOf(root: string, service: string): string {
  const hash = createHash('sha256');
  const files = ['package-lock.json', ...sourcesIn(root, `services/${service}`), ...sourcesIn(root, 'shared')];
  for (const file of files)
    hash
      .update(`${file}\0`)
      .update(readFileSync(join(root, file)))
      .update('\0');
  return hash.digest('hex');
}

/** The files below a folder, sorted, relative to the root. */
const sourcesIn = (root: string, folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(root.length + 1)
        .replaceAll(sep, '/'),
    )
    .filter((file) => !NO_SOURCE.test(file))
    .sort();
