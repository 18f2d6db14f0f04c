import { execFileSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { REGION, STAGE } from '@spillway/engine/engine-environment.ts';
import { PYTHON, STATE } from '@spillway/engine/paths.ts';
import { listServices, serviceFolder } from '@spillway/shared/packaging/services.ts';
import type { Deployed } from './deployed-engine.ts';
import { median, tableOf, verdict } from './table.ts';

const TARGET_KB = 150;
/** As AWS counts them. */
const BYTES_A_KB = 1024;
const TARGET_MS = 80;
/** How often each function is imported. */
const ROUNDS = 9;

/** A deployed function. */
interface Packaged {
  name: string;
  zip: string;
  /** The module that Lambda imports, without its extension: `functions/api-get-job/handler`. */
  module: string;
  environment: Record<string, string>;
}

/** Measures the deployed zips, and the time that Lambda needs to import them. @returns the result as a table */
export async function measureSizes({ engine }: Deployed): Promise<string> {
  const functions = listServices()
    .flatMap(readPackaged)
    .map((packaged) => {
      const folder = join(STATE, 'engines', engine.name, 'unpacked', packaged.name);
      execFileSync(PYTHON, ['-m', 'zipfile', '--extract', packaged.zip, folder]);
      return {
        ...packaged,
        file: join(folder, `${packaged.module}.js`),
        kilobytes: statSync(packaged.zip).size / BYTES_A_KB,
      };
    });
  const times = new Map(functions.map(({ name }) => [name, [] as number[]]));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { name, file, environment } of functions) times.get(name)?.push(importTimeMs(file, environment));
  }
  const measured = functions.map(({ name, kilobytes }) => ({ name, kilobytes, ms: median(times.get(name) ?? []) }));
  return [
    `Zip size, and import time in a fresh process of Node ${process.versions.node} (median of ${ROUNDS})`,
    tableOf([
      [
        'largest',
        `${worst(measured, 'kilobytes').toFixed(0)} KB`,
        '',
        verdict(worst(measured, 'kilobytes'), TARGET_KB, ' KB'),
      ],
      ['slowest', '', `${worst(measured, 'ms').toFixed(0)} ms`, verdict(worst(measured, 'ms'), TARGET_MS, ' ms')],
      ...measured.map(({ name, kilobytes, ms }) => [`  ${name}`, `${kilobytes.toFixed(0)} KB`, `${ms.toFixed(0)} ms`]),
    ]),
  ].join('\n');
}

const worst = <Key extends string>(measured: readonly Record<Key, number>[], key: Key) =>
  Math.max(...measured.map((each) => each[key]));

/** A service's functions as the last deploy compiled them. */
function readPackaged(service: string): Packaged[] {
  const folder = join(serviceFolder(service), '.serverless');
  const template = JSON.parse(readFileSync(join(folder, 'cloudformation-template-update-stack.json'), 'utf8'));
  return Object.values(template.Resources as Record<string, CompiledResource>)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties: { FunctionName, Handler, Code, Environment } }) => ({
      name: FunctionName.replace(`-${STAGE}-`, '/'),
      zip: join(folder, basename(Code.S3Key)),
      module: Handler.slice(0, Handler.lastIndexOf('.')),
      environment: Environment?.Variables ?? {},
    }));
}

interface CompiledResource {
  Type: string;
  Properties: {
    FunctionName: string;
    Handler: string;
    Code: { S3Key: string };
    Environment?: { Variables: Record<string, string> };
  };
}

const MEASURE = 'const start = performance.now(); require(process.argv[1]); console.log(performance.now() - start);';

/** Imports a function once, with the environment it has on Lambda and no compile cache. @returns milliseconds */
function importTimeMs(file: string, environment: Record<string, string>): number {
  const env = {
    ...environment,
    AWS_REGION: REGION,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    // these tell the X-Ray SDK and Powertools that they run on Lambda
    AWS_LAMBDA_FUNCTION_NAME: 'bench',
    LAMBDA_TASK_ROOT: dirname(file),
  };
  return Number(execFileSync(process.execPath, ['--eval', MEASURE, file], { env, encoding: 'utf8' }).trim());
}
