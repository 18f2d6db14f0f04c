import type { SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { EVENT_TYPES } from '../contracts/events/event-types.ts';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { wants, webhookDestination } from './destination.ts';
import type { WebhookRow } from './table.ts';

const eventOf = (id: string, tenant = 't', jobType = 'csv-import'): JobEvent =>
  ({
    id,
    type: 'job.failed',
    time: '2026-11-27T10:00:00.000Z',
    data: { tenant, jobType, traceId: '4bf92f3577b34da6a3ce929d0e0e4736' },
  }) as JobEvent;
const rowOf = (sk: string, more: Partial<WebhookRow> = {}) => ({ sk, events: ['job.failed'], ...more }) as WebhookRow;

const { signal } = new AbortController();

/** A destination whose tenants have webhooks, and what it sent and read. */
function destination(webhooks: Record<string, WebhookRow[]>, code?: string, unreadable?: string) {
  const sent: string[] = [];
  const reads: string[] = [];
  const clock = { ms: 0 };
  const queue = {
    async send({ input: { Entries = [] } }: SendMessageBatchCommand) {
      sent.push(...Entries.map(({ MessageAttributes }) => MessageAttributes?.jobId?.StringValue ?? ''));
      return code === undefined ? {} : { Failed: Entries.map(({ Id }) => ({ Id, Code: code, SenderFault: true })) };
    },
  } as unknown as SQSClient;
  const list = async (tenant: string) => {
    reads.push(tenant);
    if (tenant === unreadable) throw new Error('no table');
    return webhooks[tenant] ?? [];
  };
  return {
    sent,
    reads,
    clock,
    to: webhookDestination({ store: { list }, queue, laneUrl: 'lane', now: () => clock.ms }),
  };
}

describe('the deliveries to webhooks', () => {
  it('are one job for each event and each webhook of its tenant that wants it, with the same id each time', async () => {
    const { sent, to } = destination({
      t: [rowOf('a'), rowOf('b'), rowOf('c', { events: ['job.succeeded'] })],
      u: [rowOf('d')],
    });
    const events = [eventOf('x.1'), eventOf('y.1', 'u'), eventOf('z.1', 'nobody')];
    expect(await to.send(events, signal)).toEqual([]);
    expect(sent).toEqual(['a.x.1', 'b.x.1', 'd.y.1']);
    await to.send([eventOf('x.1')], signal);
    expect(sent.slice(3)).toEqual(['a.x.1', 'b.x.1']);
  });

  it('cause no further deliveries, or they would go on for ever', async () => {
    const { sent, reads, to } = destination({ t: [rowOf('a')] });
    expect(await to.send([eventOf('x.1', 't', 'webhook-delivery')], signal)).toEqual([]);
    expect([sent, reads]).toEqual([[], []]);
  });

  it('are refused for now while the webhooks of their tenant cannot be read, and only those', async () => {
    const { sent, to } = destination({ t: [rowOf('a')], u: [rowOf('d')] }, undefined, 't');
    const event = eventOf('x.1');
    expect(await to.send([event, eventOf('y.1', 'u')], signal)).toEqual([
      { entry: event, code: 'Error', forGood: false },
    ]);
    expect(sent).toEqual(['d.y.1']);
  });

  it('are given up, and no further call is made, once the time is up and SQS hangs', async () => {
    const controller = new AbortController();
    let calls = 0;
    const queue = {
      send: (_: unknown, { abortSignal }: { abortSignal: AbortSignal }) => {
        calls += 1;
        if (calls === 10) controller.abort();
        return new Promise((_resolve, reject) => {
          if (abortSignal.aborted) reject(abortSignal.reason);
          abortSignal.addEventListener('abort', () => reject(abortSignal.reason));
        });
      },
    } as unknown as SQSClient;
    const reads: string[] = [];
    const list = async (tenant: string) => {
      reads.push(tenant);
      return [rowOf('a')];
    };
    const to = webhookDestination({ store: { list }, queue, laneUrl: 'lane', now: () => 0 });
    const events = Array.from({ length: 120 }, (_, index) => eventOf(`${index}.1`));
    const refusals = await to.send(events, controller.signal);
    expect(refusals.map(({ entry }) => entry)).toEqual(events);
    expect(refusals[0]).toMatchObject({ code: 'AbortError', forGood: false });
    expect(calls).toBe(10);
    expect(await to.send([eventOf('x.1', 'u')], controller.signal)).toHaveLength(1);
    expect(reads).toEqual(['t']);
  });

  it('cost one read of a tenant’s webhooks in ten seconds, however many events there are', async () => {
    const { reads, clock, to } = destination({});
    await to.send([eventOf('a.1'), eventOf('b.1'), eventOf('c.1', 'u')], signal);
    clock.ms = 9999;
    await to.send([eventOf('d.1')], signal);
    expect(reads).toEqual(['t', 'u']);
    clock.ms = 10_000;
    await to.send([eventOf('e.1')], signal);
    expect(reads).toEqual(['t', 'u', 't']);
  });

  it.each([
    ['InvalidMessageContents', true],
    ['AccessDenied', false],
  ])('that SQS refuses with %s are refused for good: %s', async (code, forGood) => {
    const { to } = destination({ t: [rowOf('a'), rowOf('b')] }, code);
    const event = eventOf('x.1');
    expect(await to.send([event], signal)).toEqual([{ entry: event, code, forGood }]);
  });
});

describe('a webhook', () => {
  const wanted = (row: Partial<WebhookRow>, jobType = 'csv-import') =>
    EVENT_TYPES.filter((type) => wants({ events: [], ...row }, { type, data: { jobType } } as JobEvent));

  it('wants the events that it names, of the job types that it names, unless it is disabled', () => {
    expect(wanted({ events: ['job.failed', 'job.progressed'] })).toEqual(['job.progressed', 'job.failed']);
    expect(wanted({ events: ['job.failed'], jobTypes: ['csv-import'] })).toEqual(['job.failed']);
    expect(wanted({ events: ['job.failed'], jobTypes: ['csv-import'] }, 'invoice-render')).toEqual([]);
    expect(wanted({ events: ['job.failed'], disabledSince: '2026-11-27T10:00:00.000Z' })).toEqual([]);
  });
});
