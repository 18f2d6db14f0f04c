import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import type { Destination } from '@spillway/shared/runtime/stream/delivery.ts';
import { CliError } from '../errors.ts';

/** Objects with lines of what was refused, and where it is sent again. */
export interface RefusedPlace<Entry> {
  bucket: string;
  /** What all keys start with, with a slash at its end. */
  prefix: string;
  /** The keys below it that are left alone start with one of these. */
  except?: readonly string[];
  /** Where lines that cannot be read are put, with a slash at its end. */
  unreadable: string;
  /** What a line says; undefined if it cannot be read. */
  read(line: string): Entry[] | undefined;
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

/** How often entries are sent at most. */
const TRIES = 5;
/** Enough for an object of the largest size. */
const LONGEST_TRY_MS = 60_000;

/**
 * Counts what can be sent again, or sends it and deletes each object when all of it was taken. Lines that cannot be read are
 * moved. If it is interrupted, the same command continues; what was already sent is sent twice, with the same ids.
 *
 * @param seen is called after each object
 * @throws CliError if the destination refuses again; what is left stays where it is
 */
export async function resend<Entry>(
  place: RefusedPlace<Entry>,
  { dryRun, seen = () => {} }: { dryRun: boolean; seen?: (amount: Amount) => void },
): Promise<Amount> {
  const s3 = new S3Client();
  const amount = { objects: 0, entries: 0, unreadable: 0 };
  for (const key of await keysOf(s3, place)) {
    const { entries, unreadable } = await contentOf(s3, place, key);
    if (!dryRun) {
      await send(place, key, entries);
      if (unreadable.length > 0) {
        const Key = `${place.unreadable}${key.slice(place.prefix.length)}`;
        await s3.send(new PutObjectCommand({ Bucket: place.bucket, Key, Body: `${unreadable.join('\n')}\n` }));
      }
      await s3.send(new DeleteObjectCommand({ Bucket: place.bucket, Key: key }));
    }
    amount.objects += 1;
    amount.entries += entries.length;
    amount.unreadable += unreadable.length;
    seen(amount);
  }
  return amount;
}

async function keysOf(s3: S3Client, { bucket, prefix, except = [] }: RefusedPlace<unknown>): Promise<string[]> {
  const keys: string[] = [];
  for await (const { Contents = [] } of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix })) {
    keys.push(...Contents.map(({ Key = '' }) => Key));
  }
  return keys.filter((key) => !except.some((each) => key.startsWith(each)));
}

async function contentOf<Entry>(s3: S3Client, place: RefusedPlace<Entry>, Key: string): Promise<Content<Entry>> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: place.bucket, Key }));
  const content: Content<Entry> = { entries: [], unreadable: [] };
  for (const line of ((await Body?.transformToString()) ?? '').split('\n')) {
    if (line.trim() === '') continue;
    const entries = place.read(line);
    if (entries) content.entries.push(...entries);
    else content.unreadable.push(line);
  }
  return content;
}

async function send<Entry>({ bucket, destination }: RefusedPlace<Entry>, key: string, entries: readonly Entry[]) {
  let left = entries;
  let reasons: string[] = [];
  for (let tries = 0; tries < TRIES && left.length > 0; tries += 1) {
    const refusals = await destination.send(left, AbortSignal.timeout(LONGEST_TRY_MS));
    left = refusals.map(({ entry }) => entry);
    reasons = [...new Set(refusals.map(({ code }) => code))];
  }
  if (left.length === 0) return;
  throw new CliError(
    'REFUSED_AGAIN',
    `Refused again by ${destination.name}: ${left.length} of ${entries.length} (${reasons.join(', ')}). They are still in s3://${bucket}/${key}. Repeat the command when the cause is gone.`,
  );
}
