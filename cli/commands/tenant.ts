import { TOKEN_VALIDITY_SECONDS } from '@spillway/client/app-clients.ts';
import { type Credentials, tenants } from '@spillway/client/tenants.ts';
import { Argument, type Command } from 'commander';
import { parseTenantName, stageOption } from '../options.ts';
import { findTarget, type Target } from '../session.ts';

const TOKEN_VALIDITY = `${TOKEN_VALIDITY_SECONDS / 60} minutes`;

export function addTenant(program: Command): void {
  const tenant = program.command('tenant').description('Onboard a tenant, replace its secrets, or end its access');

  add('create', 'Create a tenant and print its secrets, which are shown only once').action((name, options) =>
    withSecrets(options, ({ stage }) => tenants(stage).create(name)),
  );

  add('rotate', `Replace a tenant's secrets; tokens from the old ones expire within ${TOKEN_VALIDITY}`).action(
    (name, options) => withSecrets(options, ({ stage }) => tenants(stage).rotate(name)),
  );

  add(
    'suspend',
    `End a tenant's access within ${TOKEN_VALIDITY}, pause its schedules and disable its webhooks; its jobs stay`,
  ).action(async (name, options) => {
    const { stage, tokens } = await findTarget(options.stage);
    await tenants(stage).suspend(name);
    tokens.clear();
    console.log(
      `${name} is suspended: it gets no new tokens, its old ones expire within ${TOKEN_VALIDITY}, its schedules are paused and its webhooks disabled. To restore its access: npm run spillway -- tenant rotate ${name} --stage ${stage.name}`,
    );
  });

  function add(name: string, description: string): Command {
    return tenant
      .command(name)
      .description(description)
      .addArgument(new Argument('<name>', 'the tenant').argParser(parseTenantName))
      .addOption(stageOption());
  }
}

/** Prints new secrets, and keeps those of the local engine's tenants. */
async function withSecrets(
  options: { stage?: string },
  issue: (target: Target) => Promise<Credentials>,
): Promise<void> {
  const target = await findTarget(options.stage);
  const credentials = await issue(target);
  target.secrets?.keep(credentials);
  const { tokenUrl, apiUrl } = target.stage;
  console.log(JSON.stringify({ ...credentials, tokenUrl, apiUrl }, null, 2));
}
