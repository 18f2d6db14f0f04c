import { request, stage } from '@spillway/e2e/deployed.ts';
import { EVENT_TYPES } from '@spillway/shared/contracts/events/event-types.ts';

it('describes all events and where they are published at /asyncapi.json, without a login', async () => {
  const { status, body } = await request<{
    asyncapi: string;
    channels: Record<string, { address: string; messages: object }>;
    servers: Record<string, { host: string; pathname: string }>;
  }>('/asyncapi.json', { headers: { authorization: '', 'x-api-key': '' } });
  expect([status, body.asyncapi]).toEqual([200, '3.0.0']);
  expect(body.channels.bus?.address).toBe(`spillway-${stage.name}`);
  expect(body.channels.topic?.address).toBe(`spillway-${stage.name}-events`);
  expect(Object.keys(body.channels.bus?.messages ?? {})).toEqual(EVENT_TYPES);
  expect(Object.keys(body.channels.socket?.messages ?? {})).toEqual(
    expect.arrayContaining(['job.failed', 'subscribe']),
  );
  expect(body.servers.socket?.pathname).toBe(`/${stage.name}`);
  expect(JSON.stringify(body.servers)).not.toContain('$');
});
