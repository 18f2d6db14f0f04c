import { putSchedule } from './put-schedule.ts';

const put = (body: object) =>
  putSchedule(
    { tenant: 'tenant-1', name: 'nightly', body: JSON.stringify(body), stagePath: '/dev' },
    {
      store: {
        get: async () => undefined,
        names: async () => [],
        create: async () => true,
        replace: async () => undefined,
      },
      stage: 'dev',
      queueArns: 'arn:aws:sqs:us-east-1:123456789012:',
      now: () => new Date('2026-11-27T02:00:00Z'),
    },
  );

it.each(['replay-jobs', 'no-such-type', '../job-type'])(
  'a schedule for jobs of the type %s is refused',
  async (type) => {
    const schedule = put({ type, input: { ratePerSecond: 1 }, expression: 'rate(1 day)' });
    await expect(schedule).rejects.toMatchObject({ code: 'badBody', message: expect.stringContaining('type:') });
  },
);
