import { idempotencyKey } from './digests.ts';

it('makes the same idempotency key for the same step of a job, and another key for another step', () => {
  const job = { tenant: 't', type: 'x', id: '1' };
  expect(idempotencyKey(job, 'charge')).toBe(idempotencyKey({ ...job }, 'charge'));
  expect(idempotencyKey(job, 'charge')).not.toBe(idempotencyKey(job, 'notify'));
});
