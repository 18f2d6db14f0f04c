import { ClientError, createClient, tokenSource } from '@spillway/client';

/** Where the stage is, as its deploy printed, and the secrets that the tenant was given. */
interface Caller {
  apiUrl: string;
  tokenUrl: string;
  clientId: string;
  clientSecret: string;
  apiKey: string;
}

export async function fulfilOrders(caller: Caller, numbers: string[]): Promise<string[]> {
  const { jobs } = createClient({
    apiUrl: caller.apiUrl,
    apiKey: caller.apiKey,
    token: tokenSource(caller, caller),
  });
  const order = (orderId: string) => ({
    orderId,
    items: [{ sku: 'A-100', quantity: 1 }],
    payment: { token: 'tok_visa', amount: 4200, currency: 'EUR' },
    contact: { name: 'Ada Lovelace', email: 'ada@example.com' },
  });

  // one job; with its own id, the same order is never fulfilled twice
  const [first = 'order-1', ...others] = numbers;
  const submitted = await jobs.orderFulfilment.submit(order(first), { jobId: first });
  const job = await jobs.orderFulfilment.waitFor(submitted, { withinSeconds: 60 });
  console.log(job.status, job.result?.chargeId ?? job.error?.message);

  // many jobs, in as few requests as possible
  const outcomes = await jobs.orderFulfilment.batch(others.map((id) => ({ id, input: order(id) })));
  for (const outcome of outcomes) if ('problem' in outcome) console.error(outcome.jobId, outcome.problem.detail);

  // the jobs whose input has a value
  const found: string[] = [];
  for await (const { jobId } of jobs.orderFulfilment.list({ where: { orderId: first } })) found.push(jobId);

  try {
    await jobs.orderFulfilment.get('no-such-job');
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    console.error(error.code, error.status, error.message);
  }
  return found;
}
