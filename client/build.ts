import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { build } from 'esbuild';

/*
 * Builds the client as a package for those who do not run TypeScript: one ES module, and its types with those of the
 * contracts. The types need zod, which nothing loads at run time.
 *
 * Usage: node client/build.ts [folder], which is client/dist by default.
 */
const SOURCE = import.meta.dirname;
const ROOT = join(SOURCE, '..');
const TARGET = resolve(process.env.INIT_CWD ?? '.', process.argv[2] ?? join(SOURCE, 'dist'));

await build({
  entryPoints: [join(SOURCE, 'index.ts')],
  outfile: join(TARGET, 'index.js'),
  bundle: true,
  platform: 'neutral',
  format: 'esm',
  // Node 20 and the browsers of its time
  target: 'es2022',
});
execFileSync(
  join(ROOT, 'node_modules/.bin/tsc'),
  ['--project', join(SOURCE, 'tsconfig.build.json'), '--outDir', join(TARGET, 'types'), '--rootDir', ROOT],
  { stdio: 'inherit' },
);
for (const file of globSync('types/**/*.d.ts', { cwd: TARGET })) publishable(join(TARGET, file));
writeFileSync(join(TARGET, 'package.json'), `${JSON.stringify(manifest(), null, 2)}\n`);

/** Names modules by their paths, and as they are called without TypeScript: our other packages are not published. */
function publishable(file: string): void {
  const shared = relative(dirname(file), join(TARGET, 'types/shared'));
  const text = readFileSync(file, 'utf8')
    .replaceAll(/(['"])@spillway\/shared\//g, `$1${shared.startsWith('.') ? shared : `./${shared}`}/`)
    .replaceAll(/(['"]\.[^'"]*)\.ts(['"])/g, '$1.js$2');
  writeFileSync(file, text);
}

function manifest() {
  const { name, version, license } = JSON.parse(readFileSync(join(SOURCE, 'package.json'), 'utf8'));
  const { zod } = JSON.parse(readFileSync(join(ROOT, 'shared/package.json'), 'utf8')).dependencies;
  return {
    name,
    version,
    license,
    private: true,
    type: 'module',
    exports: { '.': { types: './types/client/index.d.ts', default: './index.js' } },
    // AbortSignal.any came with 20.3
    engines: { node: '>=20.3' },
    sideEffects: false,
    dependencies: { zod },
  };
}
