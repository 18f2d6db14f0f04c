import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The root of the repository, or of the copy that a tool deploys. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of a service. */
export const serviceFolder = (service: string, root = ROOT) => join(root, 'services', service);

/**
 * The names of all services, from `serverless-compose.yml`. Each service has a folder with its name in `services/`.
 *
 * @param root the repository's root, or that of a copy
 */
export function listServices(root = ROOT): string[] {
  const compose: { services: Record<string, unknown> } = parse(
    readFileSync(join(root, 'serverless-compose.yml'), 'utf8'),
  );
  return Object.keys(compose.services);
}
