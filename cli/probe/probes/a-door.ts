import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import type { Probe } from '../check.ts';
import { pauseLane } from '../lane-access.ts';
import { ACCESS } from './a-door/access.ts';
import { MESSAGES } from './a-door/messages.ts';
import { REQUESTS } from './a-door/requests.ts';
import type { Lanes } from './a-door/submit.ts';
import { TROUBLE } from './a-door/trouble.ts';

/** Whether API Gateway does what our templates ask of it. */
export const door: Probe<Lanes> = {
  letter: 'A',
  title: 'The front door',
  minutes: 12,
  lanes: [csvImport.name, ledgerPosting.name, webhookDelivery.name],
  does: [
    `switches the event sources of ${csvImport.name}, ${ledgerPosting.name} and ${webhookDelivery.name} off: jobs wait`,
    'denies SubmitRole sqs:SendMessage for about a minute: every submit of the stage gets 503',
    'sends 400 requests without a token at once',
  ],
  async prepare(context) {
    const [csv, ledger, webhooks] = await Promise.all([
      pauseLane(context, csvImport),
      pauseLane(context, ledgerPosting),
      pauseLane(context, webhookDelivery),
    ]);
    return { csv, ledger, webhooks };
  },
  checks: [...MESSAGES, ...REQUESTS, ...ACCESS, ...TROUBLE],
};
