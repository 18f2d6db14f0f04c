import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Serverless } from './plugin.ts';

const FOLDER = dirname(fileURLToPath(import.meta.url));

/** Parts of packages that no function of ours uses, and what stands in for them. */
const LEFT_OUT = {
  '@aws-sdk/credential-provider-node': join(FOLDER, 'credentials-from-env.mjs'),
  '@smithy/core/event-streams': join(FOLDER, 'no-event-streams.mjs'),
  'mnemonist/lru-cache': join(FOLDER, 'endpoints-in-a-map.mjs'),
  semver: join(FOLDER, 'node-is-new.cjs'),
};

/**
 * How every function is bundled. CommonJS: with the AWS SDK inside it starts about 20 ms faster than ESM on Node 24, and
 * it is what `serverless invoke local` can load.
 */
function bundling({ processedInput, service }: Serverless) {
  const invokesLocally = processedInput.commands.join(' ') === 'invoke local';
  return {
    bundle: true,
    minify: !invokesLocally,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // in the zip no package.json says "module", so .js is CommonJS; in the service's own folder one does
    outputFileExtension: invokesLocally ? '.cjs' : '.js',
    // not one folder for all: a package never ships what an earlier local invocation left behind, and two stages can be
    // packaged at the same time
    outputWorkFolder: invokesLocally ? '.esbuild-local' : `.esbuild/${service.provider.stage}`,
    // inline maps cost 20 ms a start
    sourcemap: invokesLocally ? 'inline' : false,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    alias: invokesLocally ? {} : LEFT_OUT,
    // a plain build: with a rebuild context, a compile error leaves esbuild running and the CLI never exits
    skipRebuild: true,
    // nothing is provided by the runtime: the SDK's version is ours
    exclude: [],
    external: [],
    concurrency: 4,
  };
}

// serverless-esbuild calls what `require` gives it
export { bundling as 'module.exports' };
