import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { STATE } from './paths.ts';

/** Everything that belongs to an engine: its state, its log, its tenants' secrets. */
export const folderOf = (name: string) => join(STATE, 'engines', name);

/** A caller's headers, for curl: `curl -H @.spillway/headers …`. Deleted when the engine stops. */
export const headersFile = (name: string) => join(STATE, name === 'main' ? 'headers' : `headers-${name}`);

/** The secrets of an engine's tenants. */
export const tenantsFolder = (name: string) => join(folderOf(name), 'tenants');

/** The tokens of an engine's tenants. */
export const tokensFolder = (name: string) => join(folderOf(name), 'tokens');

/** The secrets of an engine's administrator. */
export const administratorFile = (name: string) => join(folderOf(name), 'administrator.json');

/**
 * Hold this lock to start the engine and to deploy to it: a second process would mistake a half-deployed engine for a
 * broken one.
 */
export const engineLock = (name: string) => `${folderOf(name)}.lock`;

/** The engine writes this file last. Without it, the state is incomplete and must not be used. */
export const savedMark = (name: string) => join(folderOf(name), 'state/saved');

/** Deletes everything that an engine had. */
export function deleteState(name: string): void {
  rmSync(headersFile(name), { force: true });
  // a process that is being killed may still write a last file
  rmSync(folderOf(name), { recursive: true, force: true, maxRetries: 10 });
}
