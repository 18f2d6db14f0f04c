import { checkArchived } from './event-replay.ts';

const now = new Date('2026-11-27T10:00:00Z');

it('replays events up to ten minutes ago, and refuses later ones, which may not be in the archive yet', () => {
  expect(() => checkArchived(new Date('2026-11-27T09:50:00Z'), now)).not.toThrow();
  for (const late of ['2026-11-27T09:50:00.001Z', '2026-11-27T12:00:00Z']) {
    expect(() => checkArchived(new Date(late), now)).toThrow(/10 minutes.*use --to 2026-11-27T09:50:00\.000Z, or wait/);
  }
});
