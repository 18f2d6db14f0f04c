import { join } from 'node:path';
import { LocalError } from './errors.ts';
import { ROOT } from './paths.ts';

/** The engine's region. */
export const REGION = 'eu-west-1';
/** The stage that is deployed to an engine. */
export const STAGE = 'local';

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/**
 * Refuses any other machine, because local commands create, flood and delete resources.
 *
 * @throws LocalError if the endpoint's host is not loopback
 */
export function assertLoopback(endpoint: string): void {
  const { hostname } = new URL(endpoint);
  if (LOOPBACK.test(hostname)) return;
  throw new LocalError('NOT_LOOPBACK', `Local commands talk to this machine only, not to ${hostname}: use 127.0.0.1.`);
}

/**
 * Variables of the shell that must not reach a local command: settings for AWS; settings for a proxy, which the
 * Serverless CLI would use even for 127.0.0.1, whatever NO_PROXY says; and settings for LocalStack or another MiniStack,
 * which could make our engine leave out services or load a saved state.
 */
const ELSEWHERE = [
  /^(AWS|SLS)_/,
  /^((https?_|all_)?proxy|NODE_USE_ENV_PROXY)$/i,
  /^((MINISTACK|LOCALSTACK|LAMBDA|SFN|S3)_.*|SERVICES|PERSIST_STATE|STATE_DIR|USE_SSL)$/,
];

/** The environment in which the AWS SDKs and the Serverless CLI see only the engine. */
export function engineEnvironment(endpoint: string): NodeJS.ProcessEnv {
  assertLoopback(endpoint);
  const own = Object.entries(process.env).filter(([name]) => !ELSEWHERE.some((names) => names.test(name)));
  return {
    ...Object.fromEntries(own),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_EC2_METADATA_DISABLED: 'true',
    // 127.0.0.1 has no subdomains, such as the `sync-` that StartSyncExecution goes to on AWS
    AWS_DISABLE_HOST_PREFIX_INJECTION: 'true',
    // milliseconds between two checks of a deployment; the default of 5000 is for AWS
    SLS_AWS_MONITORING_FREQUENCY: '50',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    PATH: `${join(process.execPath, '..')}:${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
  };
}

/** Makes this process's AWS clients see only the engine, whatever the shell has set. */
export function useEngine(endpoint: string): void {
  const environment = engineEnvironment(endpoint);
  for (const name of Object.keys(process.env)) if (!(name in environment)) delete process.env[name];
  Object.assign(process.env, environment);
}
