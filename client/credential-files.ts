import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Stage } from './deployed-stage.ts';
import { type Credentials, checkTenantName, tenants } from './tenants.ts';

/** Keeps tenants' secrets in files that only their owner can read. For a stage that does not outlive the folder. */
export function credentialFiles(folder: string) {
  const fileOf = (tenant: string) => join(folder, `${tenant}.json`);

  function keep(credentials: Credentials): void {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(fileOf(credentials.tenant), JSON.stringify(credentials), { mode: 0o600 });
  }

  /** @throws ClientError if a tenant cannot have this name */
  function find(tenant: string): Credentials | undefined {
    checkTenantName(tenant);
    try {
      return JSON.parse(readFileSync(fileOf(tenant), 'utf8'));
    } catch {
      return undefined;
    }
  }

  return {
    keep,
    find,
    /** The tenant's secrets; creates the tenant if there is none yet. */
    async ensure(stage: Stage, tenant: string): Promise<Credentials> {
      const kept = find(tenant);
      if (kept) return kept;
      const credentials = await tenants(stage).create(tenant);
      keep(credentials);
      return credentials;
    },
  };
}
