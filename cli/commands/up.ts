import { deployAll, readOutputs } from '@spillway/local/deploy.ts';
import { findEngine, startEngine } from '@spillway/local/engine.ts';
import { chosenPort } from '@spillway/local/port.ts';
import { read } from '../arguments.ts';
import { tenantOf } from '../credentials.ts';
import { ENGINE_NAME, findStage } from '../stage.ts';
import { accessToken } from '../tenants.ts';

/** Starts the engine, or finds it running, deploys all services, and leaves it in the background. */
export async function run(args: string[]): Promise<void> {
  const { values } = read(args, 'up [--json] [--tenant NAME]', 0, {
    json: { type: 'boolean', default: false },
    tenant: { type: 'string', default: 'demo' },
  });
  let engine = findEngine(ENGINE_NAME);
  if (!engine) {
    console.error('Starting the engine …');
    engine = await startEngine({ name: ENGINE_NAME, port: chosenPort() });
    console.error('Deploying the services …');
    await deployAll(engine);
  }
  const stage = await findStage(undefined);
  const credentials = await tenantOf(stage, values.tenant);
  const token = await accessToken(stage, credentials);
  const result = {
    engine: engine.endpoint,
    apiUrl: stage.apiUrl,
    token,
    apiKey: credentials.apiKey,
    stage: stage.name,
    tenant: credentials.clientId,
    outputs: await readOutputs(engine),
  };
  if (values.json) console.log(JSON.stringify(result));
  else
    console.log(
      `Up at ${result.apiUrl}\nTry: npm run spillway -- submit csv-import\nStop it: npm run spillway -- down`,
    );
}
