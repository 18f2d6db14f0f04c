import { JobEvent } from '../contracts/events/job-event.ts';
import { JobFact } from '../contracts/job-fact.ts';
import { factOf } from './fact.ts';
import { COLUMNS } from './table.ts';

const at = '2026-11-27T10:00:00.000Z';
const SECRET = 'IBAN of Ada';

/** An event with something private in every place that a job, its code or its people can fill. */
const event = JobEvent.parse({
  specversion: '1.0',
  id: 'job.3',
  source: 'spillway.jobs',
  type: 'job.waiting',
  subject: 'document-approval/1',
  time: at,
  datacontenttype: 'application/json',
  data: {
    tenant: 't',
    jobType: 'document-approval',
    jobId: '1',
    revision: 3,
    attempt: 1,
    acceptedAt: at,
    error: { code: 'Refused', message: SECRET, step: SECRET },
    progress: { done: 1, total: 2, message: SECRET },
    waitingFor: { for: 'decision', question: SECRET, asked: [SECRET], since: at, until: at },
    traceId: 'a'.repeat(32),
    links: { self: `/jobs/document-approval/${SECRET}` },
  },
});

describe('a fact', () => {
  it('has exactly the columns of the table, and nothing that a job, its code or its people wrote', () => {
    const fact = factOf(event);
    expect(JobFact.parse(fact)).toEqual(fact);
    expect(Object.keys(fact)).toEqual(COLUMNS.map(({ Name }) => Name));
    expect(JSON.stringify(fact)).not.toContain(SECRET);
    expect(fact).toMatchObject({ event_id: 'job.3', revision: 3, error_code: 'Refused', settled_at: null });
  });

  it('cuts an error code that is a whole text', () => {
    const long = { ...event, data: { ...event.data, error: { code: 'x'.repeat(5000), message: '' } } } as JobEvent;
    expect(factOf(long).error_code).toHaveLength(200);
  });
});
