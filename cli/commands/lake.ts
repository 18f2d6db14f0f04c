import { stackOutputs } from '@spillway/client/stack-outputs.ts';
import type { Command } from 'commander';
import { stageOption } from '../options.ts';
import { askAndResend, type Choice } from '../resend/ask-and-resend.ts';
import { refusedFacts } from '../resend/facts.ts';
import { findTarget } from '../session.ts';

export function addLake(program: Command): void {
  program
    .command('lake')
    .description('Repair the lake')
    .command('replay')
    .description(
      'Send again the facts that did not reach the lake: those that were refused, could not be converted, or were given up (docs/analytics.md)',
    )
    .option('--dry-run', 'only count them')
    .option('--yes', 'do not ask before sending')
    .addOption(stageOption())
    .action(async ({ stage, ...choice }: Choice & { stage?: string }) => {
      const target = await findTarget(stage);
      const output = await stackOutputs('analytics', target.stage.name, 'lake');
      const archive = (await stackOutputs('processing', target.stage.name, 'archive'))('ArchiveBucketName');
      await askAndResend('facts', refusedFacts(output, archive), choice);
    });
}
