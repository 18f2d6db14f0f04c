import { idempotencyKey } from './digests.ts';

it('makes an idempotency key that is the same for the same step of a job, and different for another step', () => {
  const job = { tenant: 't', type: 'x', id: '1' };
  expect(idempotencyKey(job, 'charge')).toBe(idempotencyKey({ ...job }, 'charge'));
  expect(idempotencyKey(job, 'charge')).not.toBe(idempotencyKey(job, 'notify'));
});
