import type { Command } from 'commander';
import { stageOption, tenantOption } from '../options.ts';
import { openFrontDoor } from '../session.ts';

export function addToken(program: Command): void {
  program
    .command('token')
    .description('Print an access token, for curl and other clients; it is valid for 1 to 15 minutes')
    .addOption(stageOption())
    .addOption(tenantOption())
    .action(async (options) => {
      const { token } = await openFrontDoor(options);
      console.log(await token());
    });
}
