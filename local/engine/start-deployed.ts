import { withLock } from '@spillway/setup/lock.mjs';
import { Listr, ListrLogger, PRESET_TIMER, ProcessOutput } from 'listr2';
import { deployAll } from './deploy.ts';
import { type Engine, findEngine, startEngine, stopEngine } from './engine.ts';
import { engineLock } from './engine-folder.ts';
import { readOutputs } from './outputs.ts';
import { chosenPort } from './port.ts';

/** A line of compose about what it does with a service. */
const COMPOSE_STATE = /^(\S+) › (waiting|deploying|deployed)$/;

/**
 * Starts an engine and deploys all services to it. Shows the progress on standard error.
 *
 * @param options.ifRunning what to do about an engine that is running: refuse, deploy to it, or keep it as it is, unless
 *   an earlier deploy to it was interrupted
 * @param options.keep starts with the state that an earlier engine saved, and saves its own state when it stops
 * @throws LocalError if the engine does not start or is running already, or the services cannot be deployed
 */
export function startDeployed(
  name: string,
  { ifRunning = 'refuse', keep = false }: { ifRunning?: 'refuse' | 'deploy' | 'keep'; keep?: boolean } = {},
): Promise<Engine> {
  return withLock(engineLock(name), async () => {
    const running = ifRunning === 'refuse' ? undefined : findEngine(name);
    if (running && ifRunning === 'keep' && (await isDeployed(running))) return running;
    return setUp(name, running, keep);
  });
}

async function setUp(name: string, running: Engine | undefined, keep: boolean): Promise<Engine> {
  const steps = new Listr<{ engine: Engine }>(
    [
      {
        title: 'Starting the engine',
        enabled: () => running === undefined,
        task: async (context) => {
          context.engine = await startEngine({ name, port: chosenPort(), keep });
        },
      },
      {
        title: 'Packaging and deploying the services',
        task: ({ engine }, task) => {
          const states = new Map<string, string>();
          const onLine = (line: string) => {
            const [, service, state] = COMPOSE_STATE.exec(line) ?? [];
            if (!service || !state) return;
            states.set(service, state);
            // a log needs only what is done
            if (state === 'deployed' || (state === 'deploying' && process.stderr.isTTY))
              task.output = describeProgress(states);
          };
          return deployAll(engine, { onLine });
        },
      },
    ],
    {
      registerSignalListeners: false,
      fallbackRendererCondition: () => !process.stderr.isTTY,
      fallbackRenderer: 'simple',
      fallbackRendererOptions: { timer: PRESET_TIMER, logger: toStandardError() },
      rendererOptions: {
        timer: PRESET_TIMER,
        logger: toStandardError(),
        showErrorMessage: false,
      },
    },
  );
  try {
    const { engine } = await steps.run(running && { engine: running });
    return engine;
  } catch (error) {
    // a failed deploy must not stop an engine that was running, nor delete the state of an earlier one
    if (!running) await stopEngine(name, { forget: !findEngine(name)?.resumed, keepLog: true });
    throw error;
  }
}

/** Such as: 1 of 5 deployed, now billing, streams. */
function describeProgress(states: Map<string, string>): string {
  const inState = (state: string) => [...states.keys()].filter((service) => states.get(service) === state);
  const now = inState('deploying').join(', ');
  return `${inState('deployed').length} of ${states.size} deployed${now && `, now ${now}`}`;
}

/** Standard output is for results. */
const toStandardError = <Levels extends string>() =>
  new ListrLogger<Levels>({ processOutput: new ProcessOutput(process.stderr, process.stderr) });

const isDeployed = (engine: Engine) =>
  readOutputs(engine).then(
    () => true,
    () => false,
  );
