import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Serverless } from './plugin.ts';

const STUBS = join(dirname(fileURLToPath(import.meta.url)), 'stubs');

/** Parts of packages that our functions do not use, and their replacements. What each saves stands there. */
const LEFT_OUT = {
  '@aws-sdk/credential-provider-node': join(STUBS, 'credentials-from-env.ts'),
  '@smithy/core/event-streams': join(STUBS, 'no-event-streams.ts'),
};

/**
 * How every function is bundled: as CommonJS, because with the AWS SDK inside it starts about 20 ms faster than ESM on
 * Node 24, and because `serverless invoke local` can load it.
 */
function bundling({ processedInput, service }: Serverless) {
  const invokesLocally = processedInput.commands.join(' ') === 'invoke local';
  return {
    bundle: true,
    minify: !invokesLocally,
    platform: 'node',
    target: 'node24',
    format: 'cjs',
    // the zip has no package.json that says "module", so .js is CommonJS there; the service's own folder has one
    outputFileExtension: invokesLocally ? '.cjs' : '.js',
    // separate folders, so that a package never includes files of an earlier local invocation, and two stages can be
    // packaged at the same time
    outputWorkFolder: invokesLocally ? '.esbuild-local' : `.esbuild/${service.provider.stage}`,
    // inline maps cost 20 ms per start
    sourcemap: invokesLocally ? 'inline' : false,
    legalComments: 'none',
    mainFields: ['module', 'main'],
    conditions: ['module'],
    alias: invokesLocally ? {} : LEFT_OUT,
    // with a rebuild context, esbuild would keep running after a compile error, and the CLI would never exit
    skipRebuild: true,
    // bundle everything, including the SDK, so that we choose its version and not the runtime
    exclude: [],
    external: [],
    concurrency: 4,
  };
}

// serverless-esbuild calls the value that `require` returns
export { bundling as 'module.exports' };
