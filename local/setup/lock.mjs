import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often to check again. The work of the lock's owner takes seconds. */
const LOOK_EVERY_MS = 100;

/**
 * Does work that only one process at a time may do, and waits until other processes are done. It takes over the lock of a
 * process that has ended.
 *
 * @template T
 * @param {string} file the lock's file, which contains the process id of its owner
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} the result of the work
 * @throws Error of one line if the lock's folder cannot be written
 */
export async function withLock(file, work) {
  const own = `${file}.${randomUUID()}`;
  write(own, String(process.pid));
  let mine = own;
  const leave = () => rmSync(mine, { force: true });
  // the process may exit before the `finally` block runs
  process.once('exit', leave);
  try {
    await acquire(own, file);
    rmSync(own);
    mine = file;
    return await work();
  } finally {
    leave();
    process.removeListener('exit', leave);
  }
}

function write(file, text) {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch ({ code }) {
    const remedy = 'free some space, fix its permissions, or work in your own clone';
    const refusal = Object.assign(new Error(`${dirname(file)} cannot be written (${code}): ${remedy}.`), { code });
    // a person reads this; a stack trace would hide the line that matters
    refusal.stack = refusal.message;
    throw refusal;
  }
}

async function acquire(own, file) {
  let announced = false;
  // a link to a complete file, so that nobody can read an empty lock
  while (!linked(own, file)) {
    const holder = readHolder(file);
    if (holder === undefined) continue;
    if (!isAlive(holder)) rmSync(file, { force: true });
    // another process may have the same id by now
    else if (!announced)
      console.error(`Waiting for process ${holder}. If that is not a Spillway command, delete ${file}.`);
    announced = true;
    await sleep(LOOK_EVERY_MS);
  }
}

function linked(own, file) {
  try {
    linkSync(own, file);
    return true;
  } catch (error) {
    if (error.code === 'EEXIST') return false;
    throw error;
  }
}

/** @returns undefined if the lock has just been released */
function readHolder(file) {
  try {
    return Number(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}
