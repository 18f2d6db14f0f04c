import { stopEngine } from '@spillway/local/engine.ts';
import { read } from '../arguments.ts';
import { ENGINE_NAME } from '../stage.ts';

/** Stops the engine and forgets what it held. */
export async function run(args: string[]): Promise<void> {
  read(args, 'down', 0, {});
  console.error((await stopEngine(ENGINE_NAME)) ? 'Stopped.' : 'No engine was running.');
}
