import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The repository's root, or that of a copy which a tool deploys. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of a service. */
export const serviceFolder = (service: string, root = ROOT) => join(root, 'services', service);

/**
 * The names of all services, from `serverless-compose.yml`. Each is the name of its folder in `services/`.
 *
 * @param root the tree to look at
 */
export function listServices(root = ROOT): string[] {
  const compose: { services: Record<string, unknown> } = parse(
    readFileSync(join(root, 'serverless-compose.yml'), 'utf8'),
  );
  return Object.keys(compose.services);
}
