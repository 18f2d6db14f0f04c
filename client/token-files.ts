import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AccessToken, isFresh, keepFresh, requestToken, type TokenSource } from './access-token.ts';
import type { AppClient } from './app-clients.ts';
import type { Stage } from './deployed-stage.ts';

/**
 * Keeps access tokens for their life in files that only their owner can read, because each token is billed. A client's
 * file depends on its stage and its secret, so new secrets get a new token.
 */
export function tokenFiles(folder: string) {
  return {
    /** A token for the next request: the kept one, or a new one shortly before it expires. */
    source(stage: Pick<Stage, 'tokenUrl'>, client: AppClient): TokenSource {
      const file = join(folder, nameOf(stage, client));
      return keepFresh(async (refused) => {
        const kept = read(file);
        return kept && kept.token !== refused ? kept : keep(file, await requestToken(stage, client));
      });
    },

    /** Deletes all tokens. */
    clear: () => rmSync(folder, { recursive: true, force: true }),
  };

  function keep(file: string, token: AccessToken): AccessToken {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    for (const name of readdirSync(folder)) if (!read(join(folder, name))) rmSync(join(folder, name), { force: true });
    // at once, because another command may read it
    const written = `${file}.${process.pid}`;
    writeFileSync(written, JSON.stringify(token), { mode: 0o600 });
    renameSync(written, file);
    return token;
  }
}

const nameOf = ({ tokenUrl }: Pick<Stage, 'tokenUrl'>, { clientId, clientSecret }: AppClient) =>
  createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId, clientSecret]))
    .digest('hex');

/** @returns undefined if there is no token, or it is about to expire */
function read(file: string): AccessToken | undefined {
  try {
    const token: AccessToken = JSON.parse(readFileSync(file, 'utf8'));
    return isFresh(token) ? token : undefined;
  } catch {
    return undefined;
  }
}
