import { deployAll, readOutputs } from '@spillway/local/deploy.ts';
import { type Engine, findEngine, startEngine, stopEngine, stopOnSignal, turnOf } from '@spillway/local/engine.ts';
import { chosenPort } from '@spillway/local/port.ts';
import { inTurn } from '@spillway/local/setup/turn.mjs';
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
  stopOnSignal(ENGINE_NAME);
  const engine = await inTurn(turnOf(ENGINE_NAME), deployedEngine);
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

/** The engine with all services on it: the running one as it is, unless an earlier deploy was interrupted. */
async function deployedEngine(): Promise<Engine> {
  const running = findEngine(ENGINE_NAME);
  if (running && (await isDeployed(running))) return running;
  if (!running) console.error('Starting the engine …');
  const engine = running ?? (await startEngine({ name: ENGINE_NAME, port: chosenPort() }));
  try {
    console.error('Deploying the services …');
    await deployAll(engine);
    return engine;
  } catch (error) {
    await stopEngine(ENGINE_NAME);
    throw error;
  }
}

const isDeployed = (engine: Engine) =>
  readOutputs(engine).then(
    () => true,
    () => false,
  );
