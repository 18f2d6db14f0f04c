import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'yaml';

/** The root of the repository, or of the copy that a tool deploys. */
export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../..');

/** The folder of a service. */
export const serviceFolder = (service: string, root = ROOT) => join(root, 'services', service);

interface Compose {
  services: Record<string, { dependsOn?: string | string[] }>;
}

const readCompose = (root: string): Compose => parse(readFileSync(join(root, 'serverless-compose.yml'), 'utf8'));

/**
 * The names of all services, from `serverless-compose.yml`. Each service has a folder with its name in `services/`.
 *
 * @param root the repository's root, or that of a copy
 */
export const listServices = (root = ROOT): string[] => Object.keys(readCompose(root).services);

/** The services in the order in which they can be removed: each one before those whose outputs it needs. */
export function removalOrder(root = ROOT): string[] {
  const { services } = readCompose(root);
  const order: string[] = [];
  const add = (name: string) => {
    if (order.includes(name)) return;
    for (const needed of [services[name]?.dependsOn ?? []].flat()) add(needed);
    order.push(name);
  };
  for (const name of Object.keys(services)) add(name);
  return order.reverse();
}
