import type { CancellationReason } from '@aws-sdk/client-dynamodb';
import { marshall } from '@aws-sdk/util-dynamodb';
import { PermanentJobError } from '@spillway/shared/attempt/errors.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import { LedgerBusyError, readCancellation } from './cancellation.ts';
import { type Posting, postingOf } from './posting.ts';

const job = { id: 'job-1', tenant: 'tenant-1', idempotencyKey: () => 'key' };
const posting = postingOf(ledgerPosting.example.input, job, new Date('2026-11-23T12:00:00Z'));
const earlier: Posting = { ...posting, postedAt: '2026-11-23T11:59:00.000Z' };

const none: CancellationReason = { Code: 'None' };
const refused: CancellationReason = { Code: 'ConditionalCheckFailed' };
const because = (Code: string): CancellationReason => ({ Code });
const reading = (...reasons: CancellationReason[]) => {
  try {
    return readCancellation(posting, reasons);
  } catch (error) {
    return error;
  }
};

describe('a cancelled transaction', () => {
  it('returns the earlier posting when the cancelled transaction finds that it exists already', () => {
    const written = { ...refused, Item: marshall({ pk: 'tenant-1#posting#key', ...earlier }) };
    expect(reading(written, none, none, none)).toMatchObject(earlier);
    expect(reading(written, refused, because('TransactionConflict'), none)).toMatchObject(earlier);
  });

  it.each(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'asks for another try after a %s cancellation and names the reason',
    (code) => {
      expect(reading(none, because(code), none, none)).toBeInstanceOf(LedgerBusyError);
      expect(reading(none, because(code), none, none)).toMatchObject({ message: expect.stringContaining(code) });
    },
  );

  it('asks for another try when DynamoDB gives no cancellation reason', () => {
    expect(reading()).toBeInstanceOf(LedgerBusyError);
  });

  it('fails the job permanently when a balance would exceed its limit, and names the account', () => {
    const error = reading(none, none, refused, none);
    expect(error).toBeInstanceOf(PermanentJobError);
    expect(error).toMatchObject({ code: 'BALANCE_LIMIT', message: expect.stringMatching(/to revenue$/) });
  });

  it('asks for another try when a conflict hides whether the posting exists already', () => {
    expect(reading(because('TransactionConflict'), none, refused, none)).toBeInstanceOf(LedgerBusyError);
  });
});
