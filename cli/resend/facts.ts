import { FirehoseClient } from '@aws-sdk/client-firehose';
import type { JobEvent } from '@spillway/shared/contracts/events/job-event.ts';
import { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import { factOf } from '@spillway/shared/lake/fact.ts';
import { packRecords } from '@spillway/shared/lake/pack.ts';
import { firehoseDestination } from '@spillway/shared/lake/put-records.ts';
import { ERRORS_PREFIX } from '@spillway/shared/lake/table.ts';
import type { Destination } from '@spillway/shared/runtime/stream/delivery.ts';
import { givenUp, parked } from './given-up.ts';
import type { RefusedPlace } from './resend.ts';

/** Where lines that are not facts are put. If a new version of the contract can read them, move them back. */
const UNREADABLE = `${ERRORS_PREFIX}unreadable/`;

/**
 * The facts that did not reach the lake: those that Firehose refused, those that it took and could not convert or deliver, and those
 * of the records that the event source gave up on, or that the reader could not read before.
 *
 * @param output an output of the analytics stack
 * @param archive the archive bucket
 */
export function refusedFacts(output: (name: string) => string, archive: string): RefusedPlace<string>[] {
  const destination = packed(firehoseDestination(new FirehoseClient(), output('DeliveryStreamName')));
  const lineOf = (fact: string) => fact;
  const records = {
    destination,
    lineOf,
    entriesOf: (events: JobEvent[]) => events.map((event) => JSON.stringify(factOf(event))),
  };
  return [
    {
      bucket: output('LakeBucketName'),
      prefix: ERRORS_PREFIX,
      unreadable: UNREADABLE,
      read: factLines,
      lineOf,
      destination,
    },
    givenUp(output('FailuresBucketName'), records),
    parked(archive, 'analytics', records),
  ];
}

/** A destination that takes single facts, and sends as many as possible in one record, as Firehose bills records. */
const packed = ({ name, send }: Destination<string>): Destination<string> => ({
  name,
  send: (facts, signal) => send(packRecords(facts.map((fact) => fact.trimEnd())), signal),
});

/**
 * The facts of a line: the line itself, or those of the record in Firehose's own report of an error
 * (https://docs.aws.amazon.com/firehose/latest/dev/record-format-conversion-error-handling.html).
 *
 * @returns undefined unless all of them are facts
 */
export function factLines(line: string): string[] | undefined {
  const value = parsed(line);
  if (typeof value?.rawData !== 'string') return JobFact.safeParse(value).success ? [line] : undefined;
  const lines = Buffer.from(value.rawData, 'base64')
    .toString()
    .split('\n')
    .filter((each) => each.trim() !== '');
  return lines.every((each) => JobFact.safeParse(parsed(each)).success) ? lines : undefined;
}

function parsed(text: string): { rawData?: unknown } | undefined {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
