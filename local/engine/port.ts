import { LocalError } from './errors.ts';

/** The default port of MiniStack and LocalStack. */
const USUAL_PORT = 4566;

/** The engine's port: SPILLWAY_PORT, or the usual one. @throws LocalError if it is not a port */
export function chosenPort(text = process.env.SPILLWAY_PORT): number {
  if (text === undefined || text === '') return USUAL_PORT;
  const port = Number(text);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new LocalError('BAD_PORT', `SPILLWAY_PORT is "${text}": use a number from 1 to 65535.`);
}
