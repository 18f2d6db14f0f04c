import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { LIST_PARAMETERS } from '@spillway/shared/contracts/search-keys.ts';
import type { DeliveryList } from '@spillway/shared/contracts/webhooks.ts';
import type { jobReads } from '@spillway/shared/job-store/reads.ts';
import { eventOfDelivery } from '@spillway/shared/webhooks/delivery-message.ts';
import type { WebhookRow } from '@spillway/shared/webhooks/table.ts';
import { type Parameters, refuseUnknown } from '../../page-parameters.ts';
import { listJobs } from '../api-list-jobs/list-jobs.ts';

/**
 * Lists a page of the jobs that deliver to a webhook, which are found by the search key of their contract.
 *
 * @throws Problem naming the parameter and what to pass instead
 */
export async function listDeliveries(
  { pk: tenant, sk: webhook }: Pick<WebhookRow, 'pk' | 'sk'>,
  parameters: Parameters,
  stagePath: string,
  reads: Pick<ReturnType<typeof jobReads>, 'list'>,
): Promise<DeliveryList> {
  refuseUnknown(Object.keys(parameters), LIST_PARAMETERS);
  const caller = { tenant, type: webhookDelivery.name };
  const contractOf = async () => webhookDelivery;
  const { jobs, cursor } = await listJobs(caller, { ...parameters, webhook }, { reads, contractOf });
  const deliveries = jobs.map((job) => {
    const event = eventOfDelivery(webhook, job.jobId);
    return {
      ...job,
      ...(event && { event }),
      links: { job: `${stagePath}/jobs/${job.type}/${encodeURIComponent(job.jobId)}` },
    };
  });
  return { deliveries, ...(cursor && { cursor }) };
}
