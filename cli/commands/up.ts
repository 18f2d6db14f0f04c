import { TOKEN_VALIDITY_SECONDS } from '@spillway/client/app-clients.ts';
import { credentialFiles } from '@spillway/client/credential-files.ts';
import { readStage } from '@spillway/client/deployed-stage.ts';
import { writeHeadersFile } from '@spillway/client/headers-file.ts';
import { tokenFiles } from '@spillway/client/token-files.ts';
import { ensureAdministrator } from '@spillway/engine/administrator.ts';
import { ENGINE_NAME, type Engine, stopOnSignal } from '@spillway/engine/engine.ts';
import { STAGE, useEngine } from '@spillway/engine/engine-environment.ts';
import { headersFile, tenantsFolder, tokensFolder } from '@spillway/engine/engine-folder.ts';
import { readOutputs } from '@spillway/engine/outputs.ts';
import { startDeployed } from '@spillway/engine/start-deployed.ts';
import { pathForUser } from '@spillway/engine/user-paths.ts';
import type { Command } from 'commander';
import { callerOptions, tenantOption } from '../options.ts';

export function addUp(program: Command): void {
  program
    .command('up')
    .description('Start the local engine with the state that it kept, deploy all services, and leave it running')
    .option('--no-deploy', 'leave an engine that is running as it is')
    .option('--json', 'print everything that a program needs to use it, as one line of JSON')
    .addOption(tenantOption())
    .action(async ({ deploy, json, tenant }) => {
      stopOnSignal(ENGINE_NAME);
      const engine = await startDeployed(ENGINE_NAME, { ifRunning: deploy ? 'deploy' : 'keep', keep: true });
      const result = await describe(engine, tenant);
      if (json) console.log(JSON.stringify(result));
      else {
        writeHeadersFile(headersFile(ENGINE_NAME), result);
        console.log(usage(result.apiUrl, headersFile(ENGINE_NAME), tenant));
      }
    });
}

const usage = (apiUrl: string, headers: string, tenant: string) => `Up at ${apiUrl}

Try it:
  npm run spillway -- submit csv-import${callerOptions({ tenant })}
  curl -H @${pathForUser(headers)} ${apiUrl}/jobs/csv-import

The token for curl expires within ${TOKEN_VALIDITY_SECONDS / 60} minutes. To renew it:
  npm run spillway -- up --no-deploy${callerOptions({ tenant })}

Stop it:
  npm run spillway -- down`;

async function describe(engine: Engine, tenant: string) {
  useEngine(engine.endpoint);
  const stage = await readStage(STAGE, engine.endpoint);
  const outputs = await readOutputs(engine);
  const credentials = await credentialFiles(tenantsFolder(ENGINE_NAME)).ensure(stage, tenant);
  return {
    engine: engine.endpoint,
    apiUrl: stage.apiUrl,
    socketUrl: stage.socketUrl,
    token: await tokenFiles(tokensFolder(ENGINE_NAME)).source(stage, credentials)(),
    apiKey: credentials.apiKey,
    stage: stage.name,
    tenant: credentials.clientId,
    admin: await ensureAdministrator(engine, outputs),
    outputs,
  };
}
