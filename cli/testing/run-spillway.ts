import { join } from 'node:path';
import { execa } from 'execa';

/** AWS settings of a shell, none of which may reach a local command. */
const ELSEWHERE = {
  AWS_ENDPOINT_URL: 'https://192.0.2.1',
  AWS_ENDPOINT_URL_CLOUDFORMATION: 'https://192.0.2.1',
  AWS_PROFILE: 'production',
};
export const SPILLWAY = join(__dirname, '../spillway.ts');

interface Ran {
  code: number | undefined;
  out: string;
  error: string;
}

/** Runs the command as a person would, on the tests' engine unless the environment says otherwise. */
export async function spillway(
  args: string[],
  { input = '', ...environment }: Record<string, string> = {},
): Promise<Ran> {
  const env = { ...ELSEWHERE, ...environment };
  const options = { env, input, reject: false, stripFinalNewline: false };
  const { exitCode, stdout, stderr } = await execa(process.execPath, [SPILLWAY, ...args], options);
  return { code: exitCode, out: stdout, error: stderr };
}

export const as = (tenant: string) => ['--tenant', tenant];
export const uniqueName = () => `t-${Math.random().toString(36).slice(2, 10)}`;
