import { ENGINE_NAME, stopEngine } from '@spillway/engine/engine.ts';
import type { Command } from 'commander';

export function addDown(program: Command): void {
  program
    .command('down')
    .description('Stop the local engine and delete its state')
    .action(async () => {
      console.error((await stopEngine(ENGINE_NAME)) ? 'Stopped.' : 'No engine was running.');
    });
}
