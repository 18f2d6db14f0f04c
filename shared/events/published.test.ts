import { EVENT_TYPES } from '../contracts/events/event-types.ts';
import type { JobEvent } from '../contracts/events/job-event.ts';
import { isPublished } from './published.ts';

const published = (jobType: string) =>
  EVENT_TYPES.filter((type) => isPublished({ type, data: { jobType } } as JobEvent, new Set(['talkative'])));

describe('the bus', () => {
  it('gets only the outcomes and the conflicts of jobs by default', () => {
    expect(published('quiet')).toEqual([
      'job.succeeded',
      'job.failed',
      'job.cancelled',
      'job.expired',
      'job.conflicted',
    ]);
  });

  it('gets all events of jobs whose contract asks for them', () => {
    expect(published('talkative')).toEqual(EVENT_TYPES);
  });
});
