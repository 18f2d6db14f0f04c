import { createServer } from 'node:net';
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

/** @returns the port, or any free one for 0. @throws LocalError if it is in use */
export function freePort(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', () => {
      const remedy = `Stop the process that uses it ("npm run spillway -- down" if it is ours; "lsof -i :${port}" shows it), or choose another port: SPILLWAY_PORT=4600 npm start.`;
      reject(new LocalError('PORT_TAKEN', `Port ${port} is already in use. ${remedy}`));
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
