import type { Message } from '../attempt/message.ts';
import { laneObserver } from './observers.ts';

process.env.POWERTOOLS_METRICS_NAMESPACE = 'Spillway/test';
process.env.POWERTOOLS_SERVICE_NAME = 'processing';
const job = {
  tenant: 'tenant-1',
  type: 'sample',
  id: 'job-1',
  attempt: 2,
  acceptedAt: new Date(0),
  traceId: 'a'.repeat(32),
  options: {},
  bodyDigest: '',
};

/** All lines that are written. */
function linesOf(act: () => void): Record<string, unknown>[] {
  const writes = [process.stdout, process.stderr].map((stream) => jest.spyOn(stream, 'write').mockReturnValue(true));
  try {
    act();
    return writes.flatMap((write) => write.mock.calls.map(([line]) => JSON.parse(String(line))));
  } finally {
    for (const write of writes) write.mockRestore();
  }
}

/** The metrics that are written, without the log lines. */
const written = (act: () => void) => linesOf(act).filter((line) => '_aws' in line);

describe('the observer of a lane', () => {
  it.each([
    ['SUCCEEDED', 'Succeeded'],
    ['FAILED', 'Failed'],
    ['CANCELLED', 'Cancelled'],
    ['EXPIRED', 'Expired'],
  ] as const)('counts a job that settled %s as %s and nothing else', (outcome, metric) => {
    const observer = laneObserver('sample');
    const [line = {}] = written(() => {
      observer.settled(job, outcome, 1500);
      observer.flush();
    });
    expect(line).toMatchObject({ jobType: 'sample', [metric]: 1, Attempts: 2, AcceptedToSettled: 1500 });
    const outcomes = ['Succeeded', 'Failed', 'Cancelled', 'Expired'].filter((name) => name in line);
    expect(outcomes).toEqual([metric]);
  });

  it('writes one line for all jobs that settle in a batch, and none for a batch without any, because lines are billed', () => {
    const observer = laneObserver('sample');
    const lines = linesOf(() => {
      observer.settled(job, 'SUCCEEDED', 1500);
      observer.settled(job, 'FAILED', 1500);
      observer.flush();
      observer.flush();
    });
    expect(lines).toMatchObject([{ Succeeded: 1, Failed: 1 }]);
  });

  it('names the job type in the metrics of every batch, not only of the first one', () => {
    const observer = laneObserver('sample');
    const lines = written(() => {
      for (const reason of ['one', 'two']) {
        observer.dropped(job, reason);
        observer.flush();
      }
    });
    expect(lines).toMatchObject([
      { service: 'jobs', jobType: 'sample', Dropped: 1 },
      { service: 'jobs', jobType: 'sample', Dropped: 1 },
    ]);
  });

  it('counts what calls a person for the whole service', () => {
    const message = { messageId: 'message-1', attributes: {} } as Message;
    const lines = written(() => {
      const observer = laneObserver('sample');
      observer.parked(message, 'belongs to no job', 'parked/sample/message-1.json');
      observer.gaveUpOn(message);
      observer.broke(message, new Error('no table'));
      observer.flush();
    });
    const [line = {}] = lines.filter((each) => 'Parked' in each);
    expect(line).toMatchObject({ service: 'processing', DeadLetters: 1, Parked: 1, Broke: 1 });
    expect(line).not.toHaveProperty('jobType');
  });
});
