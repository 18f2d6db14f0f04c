import { join } from 'node:path';
import { LocalError } from './errors.ts';
import { ROOT } from './paths.ts';

/** The engine's region. */
export const REGION = 'eu-west-1';
/** The stage that is deployed to an engine. */
export const STAGE = 'local';

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;

/**
 * Local commands create, flood and delete what they find: they only ever talk to this machine.
 *
 * @throws LocalError if the endpoint's host is not loopback
 */
export function assertLoopback(endpoint: string): void {
  const { hostname } = new URL(endpoint);
  if (LOOPBACK.test(hostname)) return;
  throw new LocalError('NOT_LOOPBACK', `Local commands talk to this machine only, not to ${hostname}: use 127.0.0.1.`);
}

/**
 * What the shell says about AWS; about the proxy through which it is reached, which the Serverless CLI takes also for
 * 127.0.0.1, whatever NO_PROXY says; and about another engine, LocalStack or a MiniStack: ours would leave services out, or load
 * a state.
 */
const ELSEWHERE = [
  /^(AWS|SLS)_/,
  /^((https?_|all_)?proxy|NODE_USE_ENV_PROXY)$/i,
  /^((MINISTACK|LOCALSTACK|LAMBDA|SFN|S3)_.*|SERVICES|PERSIST_STATE|STATE_DIR|USE_SSL)$/,
];

/**
 * The environment of the engine, and in which SDKs and the Serverless CLI see it and nothing else: what the shell says about
 * {@link ELSEWHERE} is left out.
 */
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
    // milliseconds between two looks at a deployment; the default, 5000, is for AWS
    SLS_AWS_MONITORING_FREQUENCY: '50',
    SLS_TELEMETRY_DISABLED: '1',
    SLS_NOTIFICATIONS_MODE: 'off',
    PATH: `${join(process.execPath, '..')}:${join(ROOT, 'node_modules/.bin')}:${process.env.PATH}`,
  };
}
