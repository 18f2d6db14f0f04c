import { sha256 } from '../../attempt/digests.ts';
import type { Fence } from '../../attempt/submission.ts';
import { isBelow, segments } from '../lane/archive.ts';
import type { Objects } from '../objects.ts';
import { ObjectError } from '../s3-requests.ts';

/**
 * What a step returns may be this long in the state of its workflow; the rest of it goes to the payload bucket. A state may
 * hold 262,144 bytes (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), and a workflow may combine
 * the outputs of several steps in one.
 */
export const LONGEST_STEP_OUTPUT_BYTES = 32 * 1024;
/** Replacing a shorter field saves too little. */
const SHORTEST_REPLACED_BYTES = 1024;

/** A value in the payload bucket: it has only this field, with the object's key. */
const POINTER = '$payload';

const bytesOf = (value: unknown) => Buffer.byteLength(JSON.stringify(value) ?? '');

/**
 * The long values that the steps of an attempt pass on. They are below a path of the job's own, so that an input that looks
 * like a pointer leads to no other job's data.
 */
export function stepPayloads(objects: Pick<Objects, 'put' | 'get'>, job: Fence) {
  const folder = `steps/${segments(job)}/`;

  /** A step that runs again with the same result writes the same object. */
  async function store(value: unknown): Promise<object> {
    const json = JSON.stringify(value);
    const key = `${folder}${job.attempt}/${sha256(json)}.json`;
    await objects.put(key, json, 'application/json');
    return { [POINTER]: key };
  }

  /**
   * Replaces what is too long in a step's output by pointers: the longest fields of an object, so that the workflow's own
   * expressions still see the short ones, or else the whole.
   */
  async function shorten(output: unknown): Promise<unknown> {
    let excess = bytesOf(output) - LONGEST_STEP_OUTPUT_BYTES;
    if (excess <= 0) return output;
    if (typeof output !== 'object' || output === null || Array.isArray(output)) return store(output);
    const fields = Object.entries(output).map(([name, value]) => ({ name, value, bytes: bytesOf(value) }));
    const replaced = new Map<string, unknown>();
    for (const { name, value, bytes } of fields.sort((a, b) => b.bytes - a.bytes)) {
      if (excess <= 0 || bytes < SHORTEST_REPLACED_BYTES) break;
      const pointer = await store(value);
      replaced.set(name, pointer);
      excess -= bytes - bytesOf(pointer);
    }
    if (excess > 0) return store(output);
    return Object.fromEntries(
      Object.entries(output).map(([name, value]) => [name, replaced.has(name) ? replaced.get(name) : value]),
    );
  }

  /**
   * Puts the values back in the place of their pointers.
   *
   * @throws ObjectError if the value of a pointer is gone
   */
  async function restore(value: unknown): Promise<unknown> {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return Promise.all(value.map(restore));
    const key = pointedTo(value);
    if (key && isBelow(folder, key)) return load(key);
    const entries = Object.entries(value).map(async ([name, each]) => [name, await restore(each)] as const);
    return Object.fromEntries(await Promise.all(entries));
  }

  async function load(key: string): Promise<unknown> {
    const json = await objects.get(key);
    if (json === undefined) throw new ObjectError(`the output ${key} of a step is not in the payload bucket`);
    return JSON.parse(json);
  }

  return { shorten, restore };
}

function pointedTo(value: object): string | undefined {
  const entries = Object.entries(value);
  const [[name, key] = []] = entries;
  return entries.length === 1 && name === POINTER && typeof key === 'string' ? key : undefined;
}
