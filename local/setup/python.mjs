import { spawnSync } from 'node:child_process';

const NAMES = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
const CHECK = 'import sys; print(sys.version_info >= (3, 10))';

/** A Python that is new enough. @throws Error that says where to get one */
export function findPython() {
  const found = NAMES.find((name) => spawnSync(name, ['-c', CHECK], { encoding: 'utf8' }).stdout?.trim() === 'True');
  if (found) return found;
  throw new Error(
    'Spillway needs Python 3.10 or newer for its engine, and none was found: https://www.python.org/downloads/',
  );
}
