import { RUN_KINDS } from '@spillway/shared/contracts/run-kinds.ts';
import { ROOT } from '@spillway/shared/packaging/services.ts';
import { type Command, Option } from 'commander';
import { type Generated, writeGenerated } from '../new/new-files.ts';
import { newJobType } from '../new/new-job-type.ts';
import { newService } from '../new/new-service.ts';

export function addNew(program: Command): void {
  const command = program.command('new').description('Write the files of a new job type or service');

  command
    .command('job-type')
    .description('Write the files of a working job type: its contract, its code and its tests')
    .argument('<name>', 'its name in kebab case, such as invoice-render')
    .option('--service <service>', 'the service that owns it', 'processing')
    .addOption(new Option('--run <kind>', 'how its jobs run; by default inline').choices(Object.keys(RUN_KINDS)))
    .option('--ordered <field>', 'run the jobs with the same value of this input field in their order')
    .action((name, options) => {
      const generated = newJobType(ROOT, { name, ...options });
      writeGenerated(ROOT, generated);
      report(generated, [
        `Say what clients send and get back: shared/contracts/jobs/${name}.ts`,
        `Write the code: services/${options.service}/job-types/${name}/`,
        `Run its tests: npm run test:unit -- ${name}`,
        `Try it on the local engine: npm run spillway -- up, then npm run spillway -- submit ${name}`,
      ]);
    });

  command
    .command('service')
    .description('Write a service that can own job types')
    .argument('<name>', 'its name in kebab case, such as billing')
    .action((name) => {
      const generated = newService(ROOT, name);
      writeGenerated(ROOT, generated);
      report(generated, [
        'Link it to the other packages: npm install',
        `Add a job type: npm run spillway -- new job-type <name> --service ${name}`,
      ]);
    });
}

function report({ files, edits }: Generated, next: string[]): void {
  console.log(['Wrote', ...Object.keys(files), ...Object.keys(edits).map((path) => `${path} (changed)`)].join('\n  '));
  console.log(`\nNext\n${next.map((step, index) => `  ${index + 1}. ${step}`).join('\n')}`);
}
