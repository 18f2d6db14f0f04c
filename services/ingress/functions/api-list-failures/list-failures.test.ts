import { listFailures, readParameters } from './list-failures.ts';

const TYPES = ['csv-import', 'webhook-delivery'];

describe('the function api-list-failures', () => {
  it('looks for failures of every type unless the caller names one', async () => {
    const asked: unknown[] = [];
    const reads = {
      list: async (...args: unknown[]) => {
        asked.push(args);
        return { rows: [] };
      },
    };
    await listFailures({}, TYPES, reads);
    await listFailures({ type: 'csv-import', from: '2026-03-01T10:30:00+01:00', replayed: 'false' }, TYPES, reads);
    expect(asked).toEqual([
      [undefined, {}, { limit: 50 }],
      ['csv-import', { from: new Date('2026-03-01T09:30:00Z'), replayed: false }, { limit: 50 }],
    ]);
  });

  it.each([
    [{ limit: '101' }, 'limit'],
    [{ limit: 'ten' }, 'limit'],
    [{ replayed: 'no' }, 'replayed'],
    [{ from: 'yesterday' }, 'from'],
    [{ to: '2026-13-01T00:00:00Z' }, 'to'],
    [{ from: '2026-03-01T00:00:00Z', to: '2026-03-01T01:00:00+01:00' }, 'from'],
    [{ type: 'csv' }, 'type'],
    [{ status: 'FAILED' }, 'status'],
  ])('refuses a list of failures with the parameters %j and names the bad one', (parameters, name) => {
    expect(() => readParameters(parameters, TYPES)).toThrow(new RegExp(`^${name}:`));
  });
});
