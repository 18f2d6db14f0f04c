import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Engine } from '@spillway/engine/engine.ts';
import { engineEnvironment } from '@spillway/engine/engine-environment.ts';
import { folderOf } from '@spillway/engine/engine-folder.ts';
import { packagingLock, ROOT } from '@spillway/engine/paths.ts';
import { withLock } from '@spillway/setup/lock.mjs';
import { listServices, serviceFolder } from '@spillway/shared/packaging/services.ts';

export interface Resource {
  Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is arbitrary JSON
  Properties: any;
}

/** The resources of each service, by logical id. */
export type Templates = Record<string, Record<string, Resource>>;

const run = promisify(execFile);

/** A stage of its own that has every setting of a stage on AWS; `local` has cheaper and faster ones. */
export const STAGE = 'solo';

/** Packages every service with the settings of a stage on AWS. @returns the compiled templates */
export async function packageAll(engine: Engine): Promise<Templates> {
  const templates: Templates = {};
  await withLock(packagingLock(ROOT), async () => {
    for (const service of listServices()) templates[service] = await packageOne(engine, service);
  });
  return templates;
}

async function packageOne(engine: Engine, service: string): Promise<Record<string, Resource>> {
  const folder = join(folderOf(engine.name), 'packages', service);
  await run(join(ROOT, 'node_modules/.bin/serverless'), ['package', '--stage', STAGE, '--package', folder], {
    cwd: serviceFolder(service),
    env: engineEnvironment(engine.endpoint),
  });
  return JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8')).Resources;
}

/** The resources of one type in all templates. */
export const ofType = (templates: Templates, type: string): [id: string, Resource][] =>
  Object.values(templates).flatMap((resources) => Object.entries(resources).filter(([, { Type }]) => Type === type));
