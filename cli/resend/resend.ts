import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { partsOf } from '@spillway/shared/runtime/parts-of.ts';
import {
  type DeliveryTools,
  type Destination,
  delivery,
  type Refusal,
} from '@spillway/shared/runtime/stream/delivery.ts';

/** Objects with what did not arrive, and where it is sent again. */
export interface RefusedPlace<Entry> {
  bucket: string;
  /** What all keys start with: nothing, or something with a slash at its end. */
  prefix: string;
  /** Where parts that cannot be read, or are refused for good, are put, with a slash at its end. It may be below the prefix. */
  unreadable: string;
  /** The parts of an object, each of which is read or put aside by itself. By default, its lines. */
  parts?(text: string): string[];
  /** Whether an object of which nothing can be read stays where it is. */
  leavesUnreadable?: true;
  /** What a part says; undefined if it cannot be read. */
  read(part: string): Entry[] | undefined;
  /** An entry as a line. */
  lineOf(entry: Entry): string;
  destination: Destination<Entry>;
}

/** What is in an object. */
interface Content<Entry> {
  entries: Entry[];
  unreadable: string[];
}

/** How much there is. */
export interface Amount {
  objects: number;
  entries: number;
  unreadable: number;
}

/** What a destination did not take again, and why. */
export interface RefusedAgain {
  entries: number;
  codes: Set<string>;
}

/** For how long entries are sent again while the destination is busy. */
const PATIENCE_MS = 10_000;
/** How many are sent in one delivery, which has 20 s (shared/runtime/stream/delivery.ts): 50 calls to the bus, one after the other. */
const ENTRIES_A_DELIVERY = 500;
/** After so many objects in a row of which something is refused, the rest of a place waits for the next time. */
const MOST_REFUSED_IN_A_ROW = 3;

/** Counts what can be sent again. */
export async function count<Entry>(place: RefusedPlace<Entry>, s3 = new S3Client()): Promise<Amount> {
  const amount = { objects: 0, entries: 0, unreadable: 0 };
  for await (const { content } of objectsOf(s3, place)) {
    add(amount, content.entries.length, content.unreadable.length);
  }
  return amount;
}

/**
 * Sends what did not arrive again, and deletes each object when all of it was taken. What cannot be read, or is refused for good, is
 * put aside. What is refused again stays where it is, and does not keep later objects from their turn. If it is interrupted, the
 * same command continues; what was already sent is sent twice, with the same ids.
 *
 * @param seen is called after each object
 */
export async function resend<Entry>(
  place: RefusedPlace<Entry>,
  seen: () => void = () => {},
  { s3 = new S3Client(), pause = sleep }: { s3?: S3Client; pause?: DeliveryTools<Entry>['pause'] } = {},
): Promise<Amount & { again: RefusedAgain }> {
  const amount = { objects: 0, entries: 0, unreadable: 0 };
  const again: RefusedAgain = { entries: 0, codes: new Set() };
  const send = sender(place, pause);
  let inARow = 0;
  for await (const { key, content } of objectsOf(s3, place)) {
    const { later, forGood } = await send(content.entries);
    again.entries += later.length;
    for (const { code } of later) again.codes.add(code);
    if (later.length === 0) {
      const aside = [...content.unreadable, ...forGood.map(({ entry }) => place.lineOf(entry).trimEnd())];
      await putAside(s3, place, key, aside);
      await s3.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: key }));
      add(amount, content.entries.length - forGood.length, aside.length);
    }
    seen();
    inARow = later.length > 0 ? inARow + 1 : 0;
    if (inARow === MOST_REFUSED_IN_A_ROW) break;
  }
  return { ...amount, again };
}

function add(amount: Amount, entries: number, unreadable: number): void {
  amount.objects += 1;
  amount.entries += entries;
  amount.unreadable += unreadable;
}

/** Sends entries as the reader of the stream does. @returns what sends them, and then says what was refused: for now, and for good */
function sender<Entry>({ destination }: RefusedPlace<Entry>, pause: DeliveryTools<Entry>['pause']) {
  let refused: Refusal<Entry>[] = [];
  const store = async (_: string, refusals: readonly Refusal<Entry>[]) => void refused.push(...refusals);
  const deliver = delivery(destination, { store, patienceMs: PATIENCE_MS, pause });
  return async (entries: readonly Entry[]) => {
    refused = [];
    for (const part of partsOf(entries, ENTRIES_A_DELIVERY)) await deliver(part);
    return {
      later: refused.filter(({ forGood }) => !forGood),
      forGood: refused.filter(({ forGood }) => forGood),
    };
  };
}

/** The objects of a place with what is in them, except those that stay. One that another run of the command has deleted is left out. */
async function* objectsOf<Entry>(
  s3: S3Client,
  place: RefusedPlace<Entry>,
): AsyncGenerator<{ key: string; content: Content<Entry> }> {
  for (const key of await keysOf(s3, place)) {
    const text = await textOf(s3, place.bucket, key);
    if (text === undefined) continue;
    const content = contentOf(place, text);
    if (!place.leavesUnreadable || content.entries.length > 0) yield { key, content };
  }
}

async function keysOf(s3: S3Client, { bucket, prefix, unreadable }: RefusedPlace<unknown>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...Contents.map(({ Key = '' }) => Key));
  }
  return keys.filter((key) => !key.startsWith(unreadable));
}

async function textOf(s3: S3Client, Bucket: string, Key: string): Promise<string | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    if (error instanceof NoSuchKey) return undefined;
    throw error;
  }
}

export const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '');

function contentOf<Entry>({ parts = linesOf, read }: RefusedPlace<Entry>, text: string): Content<Entry> {
  const content: Content<Entry> = { entries: [], unreadable: [] };
  for (const part of parts(text)) {
    const entries = read(part);
    if (entries) content.entries.push(...entries);
    else content.unreadable.push(part);
  }
  return content;
}

async function putAside(
  s3: S3Client,
  { bucket, prefix, unreadable }: RefusedPlace<unknown>,
  key: string,
  lines: string[],
) {
  if (lines.length === 0) return;
  const Key = `${unreadable}${key.slice(prefix.length)}`;
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: `${lines.join('\n')}\n` }));
}
