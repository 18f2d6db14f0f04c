import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import schemas from '@asyncapi/specs';
import { EVENT_TYPES } from '@spillway/shared/contracts/events/event-types.ts';
import { SocketMessage } from '@spillway/shared/contracts/socket.ts';
import { TEST_EVENT } from '@spillway/shared/contracts/webhooks.ts';
import { Ajv } from 'ajv';
import { testWebhook } from '../functions/api-test-webhook/test-webhook.ts';
import { asyncApi, asyncApiTemplate } from './asyncapi.ts';
import { ACTIONS } from './asyncapi-messages.ts';
import { eventsPage } from './events-page.ts';

const ROOT = join(__dirname, '../../..');

/** Every reference in a document. */
function referencesIn(part: unknown): string[] {
  if (typeof part !== 'object' || part === null) return [];
  return Object.entries(part).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : referencesIn(value),
  );
}

describe('the description of events', () => {
  const document = JSON.parse(JSON.stringify(asyncApi()));

  it('fits the schema of AsyncAPI 3.0', () => {
    const ajv = new Ajv({ meta: false, strict: false, validateFormats: false });
    const valid = ajv.validate(schemas.schemas['3.0.0'] as object, document);
    expect(ajv.errors?.slice(0, 3) ?? []).toEqual([]);
    expect(valid).toBe(true);
  });

  it('refers only to what is in it', () => {
    const missing = referencesIn(document).filter((reference) => {
      const steps = reference.replace(/^#\//, '').split('/');
      return (
        steps.reduce<Record<string, unknown> | undefined>((at, step) => at?.[step] as never, document) === undefined
      );
    });
    expect(missing).toEqual([]);
  });

  it('has each event as a message of every way, with the data that it always has', () => {
    expect(Object.keys(document.channels)).toEqual(['bus', 'topic', 'socket', 'kinesis', 'webhooks']);
    for (const channel of ['bus', 'topic', 'kinesis'])
      expect(Object.keys(document.channels[channel].messages)).toEqual(EVENT_TYPES);
    expect(document.channels.kinesis.description).toContain('kinesis=on');
    const { payload } = document.components.messages['job.failed'];
    expect(payload.properties.data.required).toEqual(expect.arrayContaining(['tenant', 'settledAt', 'error', 'links']));
    expect(payload.properties.type).toMatchObject({ const: 'job.failed' });
  });

  it('has the test of a webhook as it is sent', async () => {
    expect(Object.keys(document.channels.webhooks.messages)).toEqual([...EVENT_TYPES, TEST_EVENT]);
    const sent: string[] = [];
    const request = { requestId: '4bf92f35-77b3-4da6-a3ce-929d0e0e4736', stagePath: '/dev' };
    await testWebhook({ pk: 't', sk: 'crm' }, request, async ({ body }) => void sent.push(body), new Date());
    const ajv = new Ajv({ meta: false, strict: false, validateFormats: false });
    const { payload } = document.components.messages[TEST_EVENT];
    expect(sent.map((body) => ajv.validate(payload, JSON.parse(body).payload))).toEqual([true]);
  });

  it('has what the socket sends, and what clients send to it, as the contract reads it', () => {
    const { socket } = document.channels;
    expect(Object.keys(socket.messages)).toEqual([...EVENT_TYPES, 'problem', ...ACTIONS]);
    expect(document.operations.socketMessages).toMatchObject({ action: 'receive' });
    const ajv = new Ajv({ meta: false, strict: false, validateFormats: false });
    const described = (message: object) =>
      ACTIONS.some((action) => ajv.validate(document.components.messages[action].payload, message));
    const job = { type: 'csv-import', jobId: '1' };
    const tried = [
      { action: 'subscribe' },
      { action: 'subscribe', job, since: 3 },
      { action: 'subscribe', type: 'csv-import', since: '2026-11-27T10:00:00Z' },
      { action: 'unsubscribe', job },
      { action: 'subscribe', job, type: 'csv-import' },
      { action: 'unsubscribe', since: 3 },
      { action: 'subscribe', since: -1 },
      { action: 'shout' },
    ];
    expect(tried.map(described)).toEqual(tried.map((message) => SocketMessage.safeParse(message).success));
    expect(tried.filter(described)).toHaveLength(4);
  });

  it('fits into a mapping template, in which no variable is left as it is', () => {
    const template = asyncApiTemplate();
    expect(Buffer.byteLength(template)).toBeLessThan(150_000);
    expect(template).not.toMatch(/\$\{dollar\}\{/);
  });
});

it('the reference page of events is up to date; if it is not, "npm run reference" writes it again', () => {
  expect(readFileSync(join(ROOT, 'docs/reference/events.md'), 'utf8')).toBe(eventsPage());
});
