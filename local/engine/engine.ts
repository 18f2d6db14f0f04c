import { randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { deleteState, folderOf, headersFile, savedMark } from './engine-folder.ts';
import { LocalError } from './errors.ts';
import { isRunning, isUp, killGroup, startLauncher } from './launcher-process.ts';
import { freePort, portFreed } from './port.ts';

/** A running engine. */
export interface Engine {
  name: string;
  /** Tells it from an earlier and a later engine with its name. */
  id: string;
  pid: number;
  port: number;
  /** `http://127.0.0.1:<port>` */
  endpoint: string;
  /** Whether it saves its state when it stops. */
  keeps: boolean;
  /** Whether it started with the state that an earlier engine with its name had saved. */
  resumed: boolean;
}

/** The name of the engine that `npm start` and `spillway up` run. `npm test` uses another name. */
export const ENGINE_NAME = process.env.SPILLWAY_ENGINE || 'main';

const STOP_GRACE_MS = 6_000;
/** Longer than it takes to write the state of a hundred thousand jobs. */
const SAVE_GRACE_MS = 120_000;

/** The engines that this process started, which are found even if their files have been deleted. */
const started = new Map<string, Engine>();

/** The engine of that name, if it is running. */
export const findEngine = (name: string): Engine | undefined =>
  [started.get(name), recorded(name)].find((engine) => engine && isRunning(engine));

function recorded(name: string): Engine | undefined {
  try {
    return JSON.parse(readFileSync(join(folderOf(name), 'engine.json'), 'utf8'));
  } catch {
    return undefined;
  }
}

/** Whether an engine's files are its own: another process may have stopped it and started one with the same name. */
const ownsFolder = ({ name, id }: Engine): boolean => (recorded(name)?.id ?? id) === id;

/** Whether this process started an engine with that name, and so may stop it. */
export const startedHere = (name: string) => started.has(name);

/** @throws LocalError if an engine that this process started is not running any more */
export function assertRunning(engine: Engine): void {
  if (isRunning(engine)) return;
  const log = logOf(engine.name);
  const trace = existsSync(log) && ownsFolder(engine) ? ` Its log: ${log}` : '';
  throw new LocalError(
    'ENGINE_GONE',
    `The engine is not running any more: another command stopped it, such as "npm run spillway -- down", or it failed.${trace}`,
  );
}

const logOf = (name: string) => join(folderOf(name), 'engine.log');

/**
 * Stops the engines that this process started when this process gets a signal to end. An engine that keeps no state is
 * killed at once: during a graceful stop, everything that still talks to it would fail first.
 */
export function stopOnSignal(...names: string[]): void {
  const stop = (code: number) => async () => {
    for (const name of names) await stopAtOnce(name);
    process.exit(code);
  };
  // 128 plus the signal's number, as shells do; not `once`, or a second signal would end this process before it has
  // cleaned up
  process.on('SIGHUP', stop(129)).on('SIGINT', stop(130)).on('SIGTERM', stop(143));
}

async function stopAtOnce(name: string): Promise<void> {
  const engine = started.get(name);
  if (engine?.keeps) {
    console.error('\nStopping the engine and saving its state …');
    await stopEngine(name).catch((error) => console.error(error.message));
  } else if (engine) {
    if (isRunning(engine)) killGroup(engine.pid);
    if (ownsFolder(engine)) deleteState(name);
  }
}

/**
 * Starts an engine and waits until it answers.
 *
 * @param port 0 takes any free one
 * @param keep whether to start with the state that an earlier engine with this name saved, and to save the state at the
 *   stop; otherwise the engine starts empty, and any saved state is deleted
 * @throws LocalError if an engine with this name is running, the port is taken, or the engine does not start
 */
export async function startEngine({
  name,
  port,
  keep = false,
}: {
  name: string;
  port: number;
  keep?: boolean;
}): Promise<Engine> {
  const running = findEngine(name);
  if (running) {
    const remedy = `Stop it with "npm run spillway -- down", or with Ctrl-C where it runs.`;
    throw new LocalError(
      'ALREADY_RUNNING',
      `An engine is already running (${running.endpoint}, process ${running.pid}). ${remedy}`,
    );
  }
  const resumed = keep && existsSync(savedMark(name));
  if (resumed) assertSamePort(name, port);
  const chosen = await freePort(port);
  const folder = folderOf(name);
  if (!resumed) rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'tmp'), { recursive: true, mode: 0o700 });
  // functions are unpacked below this folder, and our own package.json would make their .js files ES modules
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }');
  const logFile = logOf(name);
  const endpoint = `http://127.0.0.1:${chosen}`;
  const id = randomUUID();
  const child = startLauncher({ port: chosen, id, endpoint, folder, logFile, keep });
  const engine: Engine = { name, id, pid: child.pid ?? 0, port: chosen, endpoint, keeps: keep, resumed };
  started.set(name, engine);
  writeFileSync(join(folder, 'engine.json'), JSON.stringify(engine));
  if (await isUp(endpoint, child)) {
    // if the engine crashes, its old state must not come back
    rmSync(savedMark(name), { force: true });
    return engine;
  }
  await stopEngine(name, { forget: !resumed, keepLog: true });
  const lastLine = readFileSync(logFile, 'utf8').trim().split('\n').at(-1) || 'it printed nothing';
  throw new LocalError('ENGINE_FAILED', `The engine did not start: ${lastLine} (log: ${logFile})`);
}

/** The addresses of queues contain the port. */
function assertSamePort(name: string, port: number): void {
  const kept = recorded(name)?.port;
  if (kept === undefined || kept === port) return;
  const remedy = `Start it with SPILLWAY_PORT=${kept}, or delete its state with "npm run spillway -- down --forget".`;
  throw new LocalError('KEPT_ON_ANOTHER_PORT', `The engine kept its state on port ${kept}, not ${port}. ${remedy}`);
}

/**
 * Stops the engine that this process started with that name, or else the one that runs. If the engine keeps its state, the
 * state stays; otherwise, or with `forget`, everything is deleted. The files of a later engine with its name are left
 * alone.
 *
 * @returns what happened to the engine
 * @throws LocalError if an engine that keeps its state could not save it
 */
export async function stopEngine(
  name: string,
  { forget = false, keepLog = false } = {},
): Promise<'kept' | 'deleted' | 'state deleted' | 'not running'> {
  const own = started.get(name);
  const engine = [own ?? recorded(name)].find((each) => each && isRunning(each));
  const hadState = existsSync(savedMark(name));
  if (engine && !forget) await endGracefully(engine);
  if (engine) {
    killGroup(engine.pid);
    // a process that ends loses its command line before it closes its sockets
    await portFreed(engine.port, STOP_GRACE_MS);
  }
  started.delete(name);
  const isOthers = own !== undefined && !ownsFolder(own);
  const isKept = !isOthers && clearFolder(name, { engine, forget, keepLog });
  if (engine) return isKept ? 'kept' : 'deleted';
  return forget && hadState && !isOthers ? 'state deleted' : 'not running';
}

/**
 * Deletes what an engine that has stopped leaves behind.
 *
 * @returns whether its state is kept
 */
function clearFolder(name: string, how: { engine: Engine | undefined; forget: boolean; keepLog: boolean }): boolean {
  rmSync(headersFile(name), { force: true });
  if (!how.forget && existsSync(savedMark(name))) {
    rmSync(join(folderOf(name), 'tmp'), { recursive: true, force: true, maxRetries: 10 });
    return true;
  }
  const isLost = how.engine?.keeps && !how.forget;
  if (!(how.keepLog || isLost)) deleteState(name);
  if (isLost) {
    throw new LocalError(
      'NOT_SAVED',
      `The engine ended without saving its state, which is lost (log: ${logOf(name)}).`,
    );
  }
  return false;
}

async function endGracefully(engine: Engine): Promise<void> {
  process.kill(engine.pid, 'SIGTERM');
  const end = Date.now() + (engine.keeps ? SAVE_GRACE_MS : STOP_GRACE_MS);
  while (isRunning(engine) && Date.now() < end) await sleep(50);
}
