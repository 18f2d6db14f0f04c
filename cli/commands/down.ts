import { ENGINE_NAME, stopEngine } from '@spillway/engine/engine.ts';
import type { Command } from 'commander';

const RESULTS = {
  kept: 'Stopped. "npm run spillway -- up" continues with its state; "npm run spillway -- down --forget" deletes it.',
  deleted: 'Stopped, and its state is deleted.',
  'state deleted': 'No engine was running. The state that an earlier one kept is deleted.',
  'not running': 'No engine was running.',
};

export function addDown(program: Command): void {
  program
    .command('down')
    .description('Stop the local engine and keep its state for the next "up"')
    .option('--forget', 'delete its state')
    .action(async ({ forget }) => {
      console.error(RESULTS[await stopEngine(ENGINE_NAME, { forget })]);
    });
}
