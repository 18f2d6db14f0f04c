import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalError } from './errors.ts';

/** The default port of MiniStack and LocalStack. */
const USUAL_PORT = 4566;
/**
 * Linux takes the local ports of outgoing connections from 32768 upwards, macOS and Windows from 49152. An engine on
 * such a port might not get it back after a stop.
 */
const SPARE_PORTS = { first: 20_000, end: 32_768 };
const TRIES = 20;

/** The engine's port: SPILLWAY_PORT, or the usual one. @throws LocalError if it is not a port */
export function chosenPort(text = process.env.SPILLWAY_PORT): number {
  if (text === undefined || text === '') return USUAL_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new LocalError('BAD_PORT', `SPILLWAY_PORT is "${text}": use a number from 1 to 65535.`);
}

/** @returns the port, or any free one for 0. @throws LocalError if it is in use */
export async function freePort(port: number): Promise<number> {
  const candidates = port === 0 ? Array.from({ length: TRIES }, sparePort) : [port];
  let refusal: string | undefined;
  for (const candidate of candidates) {
    refusal = await refusalOf(candidate);
    if (!refusal) return candidate;
  }
  if (refusal === 'EACCES') {
    throw new LocalError(
      'PORT_REFUSED',
      `Port ${port} needs more rights than you have: choose 1024 or a higher one, such as SPILLWAY_PORT=4600.`,
    );
  }
  const remedy = `Stop the process that uses it ("npm run spillway -- down" if it is ours; "lsof -i :${port}" shows it), or choose another port: SPILLWAY_PORT=4600 npm start.`;
  throw new LocalError('PORT_TAKEN', `Port ${port} is already in use. ${remedy}`);
}

/** Waits until nothing listens on the port, at most for as long as given. */
export async function portFreed(port: number, withinMs: number): Promise<void> {
  const end = Date.now() + withinMs;
  while ((await refusalOf(port)) === 'EADDRINUSE' && Date.now() < end) await sleep(50);
}

const sparePort = () => randomInt(SPARE_PORTS.first, SPARE_PORTS.end);

/** Why this process cannot listen on a port, as the system's error code; undefined if it can. */
function refusalOf(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code ?? 'UNKNOWN'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(undefined)));
  });
}
