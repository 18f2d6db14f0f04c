import { createHash } from 'node:crypto';

/** What a payment provider is asked. The same key is the same charge, however often it is asked. */
export interface ChargeRequest {
  idempotencyKey: string;
  token: string;
  amount: number;
  currency: string;
  /** The attempt at the job, and how often it has asked before, this time included: the test provider's tokens go by them. */
  attempt: number;
  tries: number;
}

/** The card will not be charged, now or later. */
export class CardDeclinedError extends Error {
  override readonly name = 'CardDeclinedError';
}

/** The seam to a payment provider: a team puts its own here. */
export interface PaymentProvider {
  /** @throws CardDeclinedError if the card is refused; anything else is tried again */
  charge(request: ChargeRequest): Promise<{ chargeId: string }>;
  /** Undoes what was charged under a key, if anything was, and lets nothing be charged under it any more. */
  refund(idempotencyKey: string): Promise<void>;
}

/**
 * Moves no money: the row in the orders table is all there is of a charge. Payment providers have tokens for tests, and
 * these are ours: `tok_declined` is declined; `tok_flaky` fails the first time it is asked; `tok_outage` fails in a job's
 * first attempt; any other token is charged.
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
