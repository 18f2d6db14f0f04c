import { createHash } from 'node:crypto';

/** A request to charge a card. Requests with the same key are the same charge, however often they are sent. */
export interface ChargeRequest {
  idempotencyKey: string;
  token: string;
  amount: number;
  currency: string;
  /** The attempt at the job, and the number of this try at the charge. The test provider's tokens depend on both. */
  attempt: number;
  tries: number;
}

/** The card cannot be charged, now or later. */
export class CardDeclinedError extends Error {
  override readonly name = 'CardDeclinedError';
}

/** The interface to a payment provider: implement it for your own. */
export interface PaymentProvider {
  /** @throws CardDeclinedError if the card is declined; after any other error the charge is tried again */
  charge(request: ChargeRequest): Promise<{ chargeId: string }>;
  /** Refunds what was charged with a key, if anything was, and prevents any further charge with that key. */
  refund(idempotencyKey: string): Promise<void>;
}

/**
 * Moves no money: a charge exists only as a row of the orders table. Like other payment providers it has tokens for tests:
 * `tok_declined` is declined; `tok_flaky` fails on the first try; `tok_outage` fails in a job's first attempt; any other
 * token is charged.
 */
export const testProvider: PaymentProvider = {
  async charge({ idempotencyKey, token, attempt, tries }) {
    if (token === 'tok_declined') throw new CardDeclinedError('the bank declined the card');
    const fails = (token === 'tok_flaky' && tries === 1) || (token === 'tok_outage' && attempt === 1);
    if (fails) throw Object.assign(new Error('the payment provider does not answer'), { code: 'PROVIDER_UNAVAILABLE' });
    return { chargeId: `ch_${createHash('sha256').update(idempotencyKey).digest('hex').slice(0, 32)}` };
  },
  async refund() {},
};
