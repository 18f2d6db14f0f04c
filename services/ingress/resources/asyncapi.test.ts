import schemas from '@asyncapi/specs';
import { EVENT_TYPES } from '@spillway/shared/contracts/events/event-types.ts';
import { Ajv } from 'ajv';
import { asyncApi, asyncApiTemplate } from './asyncapi.ts';

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

  it('has each event as a message of the bus and of the topic, with the data that it always has', () => {
    for (const channel of ['bus', 'topic'])
      expect(Object.keys(document.channels[channel].messages)).toEqual(EVENT_TYPES);
    const { payload } = document.components.messages['job.failed'];
    expect(payload.properties.data.required).toEqual(expect.arrayContaining(['tenant', 'settledAt', 'error', 'links']));
    expect(payload.properties.type).toMatchObject({ const: 'job.failed' });
  });

  it('fits into a mapping template', () => {
    expect(Buffer.byteLength(asyncApiTemplate())).toBeLessThan(150_000);
  });
});
