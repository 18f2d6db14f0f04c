import { EVENT_TYPES, type JobEvent } from '@spillway/shared/contracts/events.ts';
import { isPublished } from './publish.ts';

const published = (jobType: string) =>
  EVENT_TYPES.filter((type) => isPublished({ type, data: { jobType } } as JobEvent, new Set(['talkative'])));

describe('the bus', () => {
  it('gets only the outcomes and the conflicts of jobs by default', () => {
    expect(published('quiet')).toEqual([
      'job.conflicted',
      'job.succeeded',
      'job.failed',
      'job.cancelled',
      'job.expired',
    ]);
  });

  it('gets all events of jobs whose contract asks for them', () => {
    expect(published('talkative')).toEqual(EVENT_TYPES);
  });
});
