import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How often who waits looks again; what is waited for takes seconds. */
const LOOK_EVERY_MS = 100;

/**
 * Does something that only one process at a time may do, and waits until it is this one's turn. The turn of a process that is
 * gone is over.
 *
 * @template T
 * @param {string} file names the turn; whose it is stands in it, as a process id
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} what the work gives
 * @throws Error of one line if the turn's folder cannot be written
 */
export async function inTurn(file, work) {
  const own = `${file}.${randomUUID()}`;
  write(own, String(process.pid));
  let mine = own;
  const leave = () => rmSync(mine, { force: true });
  // a signal ends the process in between
  process.once('exit', leave);
  try {
    await takeTurn(own, file);
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
    const mend = 'make room or give yourself the right, or work in a clone of your own';
    const refusal = new Error(`${dirname(file)} cannot be written (${code}): ${mend}.`);
    // for people, who look for the line that matters
    refusal.stack = refusal.message;
    throw refusal;
  }
}

async function takeTurn(own, file) {
  let told = false;
  // linked when it is written, so that nobody ever reads an empty one
  while (!linked(own, file)) {
    const holder = holderOf(file);
    if (holder === undefined) continue;
    if (!isAlive(holder)) rmSync(file, { force: true });
    // its id may have gone to another process since
    else if (!told) console.error(`Waiting for process ${holder}; if it is none of ours, delete ${file}.`);
    told = true;
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

/** @returns undefined if the turn has just ended */
function holderOf(file) {
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
