import { randomUUID } from 'node:crypto';
import csvImport from '@spillway/shared/contracts/jobs/csv-import.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { orderedGroup } from '@spillway/shared/contracts/submit-attributes.ts';
import { type Check, expectAll } from '../../check.ts';
import { type Lanes, PATH, post } from './submit.ts';

/** What a submit becomes in its lane. */
export const MESSAGES: Check<Lanes>[] = [
  {
    name: 'POST and its message',
    expected:
      '202 with jobId, QUEUED, Location with acceptedAt; the message id is the job id; the body is unchanged; group = tenant',
    async run({ csv }, context) {
      const body = `${JSON.stringify(csvImport.example.input)} `;
      const { status, headers, body: answer } = await post(context, { body });
      const message = await csv.take(answer.jobId);
      const location = headers.get('location') ?? '';
      const attributes = message.MessageAttributes ?? {};
      const names = Object.keys(attributes).sort();
      return expectAll(
        `${status}, ${headers.get('content-type')}, Location …?${location.split('?')[1]}, attributes ${names}`,
        {
          'status 202': status === 202,
          'status QUEUED and links.self = Location': answer.status === 'QUEUED' && answer.links.self === location,
          'message id = job id': message.MessageId === answer.jobId,
          'unchanged body': message.Body === body,
          'acceptedAt as in Location': location.endsWith(`?acceptedAt=${attributes.acceptedAt?.StringValue}`),
          'group = tenant': message.Attributes?.MessageGroupId === context.tenant.clientId,
        },
      );
    },
  },
  {
    name: 'trace header of a message',
    expected: 'AWSTraceHeader with Root and Sampled, although the request template does not set it',
    needs: 'traceHeader',
    async run({ csv }, context) {
      const message = await csv.take((await post(context)).body.jobId);
      const header = message.Attributes?.AWSTraceHeader ?? 'none';
      return expectAll(header, { Root: header.includes('Root='), Sampled: header.includes('Sampled=') });
    },
  },
  {
    name: 'PUT and its message',
    expected: '202 with the id of the path; the message has it as its attribute jobId',
    async run({ csv }, context) {
      const id = `probe-${randomUUID()}`;
      const { status, body } = await post(context, { method: 'PUT' }, `${PATH}/${id}`);
      const message = await csv.take(id);
      return expectAll(`${status} ${body.jobId}`, {
        'status 202': status === 202,
        'the id': body.jobId === id && message.MessageAttributes?.jobId?.StringValue === id,
      });
    },
  },
  {
    name: 'message of an ordered lane',
    expected: 'group = tenant and order key; a deduplication id',
    async run({ ledger }, context) {
      const { input } = ledgerPosting.example;
      const job = await context.tenant.submit(ledgerPosting.name, input);
      const { Attributes } = await ledger.take(job.id);
      return expectAll(`group ${Attributes?.MessageGroupId}, deduplication id ${Attributes?.MessageDeduplicationId}`, {
        group: Attributes?.MessageGroupId === orderedGroup(context.tenant.clientId, input.account),
        'deduplication id': Boolean(Attributes?.MessageDeduplicationId),
      });
    },
  },
  {
    name: 'URLs that a browser takes, but Java may not',
    expected: '202 for an underscore in the host, a letter of another language, a bar in the query and a space',
    async run({ webhooks }, context) {
      const urls = [
        'https://a_b.example.com/',
        'https://bücher.example/',
        'https://example.com/?a|b',
        'https://example.com/a b',
      ];
      const seen: string[] = [];
      for (const url of urls) {
        const input = { ...webhookDelivery.example.input, url };
        const path = `/jobs/${webhookDelivery.name}`;
        const answer = await post(context, { body: JSON.stringify(input) }, path);
        seen.push(`${url}: ${answer.status}`);
        // so that nothing is sent there
        if (answer.status === 202) await webhooks.take(answer.body.jobId);
      }
      return expectAll(seen.join(', '), { '202 for each': seen.every((each) => each.endsWith(' 202')) });
    },
  },
];
