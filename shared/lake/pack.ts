import { grouped } from '../runtime/stream/grouped.ts';

/**
 * Firehose takes records of up to 1,000 KiB and bills each as a multiple of 5 KB, so many small facts are packed into
 * one.
 */
export const LONGEST_RECORD_BYTES = 1000 * 1024;
/** PutRecordBatch takes 500 records and 4 MiB per call. */
export const RECORDS_A_CALL = 500;
export const BYTES_A_CALL = 4 * 1024 * 1024;

/** Packs lines, each with a line break at its end, into as few records as possible, in order. */
export const packRecords = (lines: readonly string[]): string[] =>
  grouped(
    lines.map((line) => `${line}\n`),
    Number.POSITIVE_INFINITY,
    LONGEST_RECORD_BYTES,
    Buffer.byteLength,
  ).map((group) => group.join(''));

/** Groups records into calls. */
export const packCalls = (records: readonly string[]): string[][] =>
  grouped(records, RECORDS_A_CALL, BYTES_A_CALL, Buffer.byteLength);
