import { join } from 'node:path';
import { build } from 'esbuild';

/** Longest bundle, in bytes, minified and not compressed. It had 10,434 when this was written. */
const MOST_BYTES = 16_000;

it('the client is bundled for the browser without zod, the AWS SDK or modules of Node, and is small', async () => {
  const { outputFiles, metafile } = await build({
    entryPoints: [join(__dirname, 'index.ts')],
    bundle: true,
    minify: true,
    platform: 'browser',
    format: 'esm',
    target: 'es2022',
    write: false,
    metafile: true,
  });
  const inputs = Object.keys(metafile.inputs);
  expect(inputs.filter((file) => file.includes('node_modules/'))).toEqual([]);
  expect(inputs.filter((file) => /contracts\/jobs\/|contracts\/job(-type)?\.ts$/.test(file))).toEqual([]);
  expect(outputFiles[0]?.contents.length).toBeLessThan(MOST_BYTES);
});
