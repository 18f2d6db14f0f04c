import { engine } from './deployed.ts';

/**
 * Asks the engine for what only AWS itself would do (local/engine/patches/own_paths.py).
 *
 * @throws Error if the engine cannot do it
 */
export async function askEngine<Answer>(
  method: 'POST' | 'DELETE',
  path: string,
  query: Record<string, number> = {},
): Promise<Answer> {
  const url = new URL(`${engine.endpoint}/_spillway/${path}`);
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value));
  const response = await fetch(url, { method });
  if (!response.ok) throw new Error(`${method} /_spillway/${path} answered ${response.status}`);
  return (await response.json()) as Answer;
}
