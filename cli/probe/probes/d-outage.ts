import { CloudWatchClient, DescribeAlarmHistoryCommand } from '@aws-sdk/client-cloudwatch';
import type { JobView } from '@spillway/shared/contracts/job.ts';
import ledgerPosting from '@spillway/shared/contracts/jobs/ledger-posting.ts';
import webhookDelivery from '@spillway/shared/contracts/jobs/webhook-delivery.ts';
import { type Check, expectAll, type Probe } from '../check.ts';
import { resourceOf, STAGE_RESOURCES } from '../stage-resources.ts';
import { causeOutage, type Outage } from './d-outage/cause-outage.ts';

/** A job comes back a little after its backoff, when the next poll sees it. */
const BACK_WITHIN_SECONDS = 8;

/** All succeeded after the same number of attempts, so the outage cost them none. */
const endedAs = (jobs: readonly JobView[], attempts: number) => {
  const ends = new Map<string, number>();
  for (const job of jobs) {
    const end = `${job.status} after ${job.attempts}`;
    ends.set(end, (ends.get(end) ?? 0) + 1);
  }
  const seen = [...ends].map(([end, count]) => `${count} ${end}`).join(', ');
  return expectAll(seen, {
    [`all SUCCEEDED after ${attempts}`]: ends.get(`SUCCEEDED after ${attempts}`) === jobs.length,
  });
};

const startOf = ({ history }: JobView) => history.find(({ status }) => status === 'RUNNING')?.at ?? '';

/** An alarm that should have gone off. */
const alarmed = (alarm: 'throttledAlarm' | 'ageAlarm'): Check<Outage> => ({
  name: `the alarm ${STAGE_RESOURCES[alarm][1]}`,
  expected: 'went off during the outage',
  needs: 'alarms',
  async run({ startedAt }, context) {
    const AlarmName = await resourceOf(context, alarm);
    const { AlarmHistoryItems = [] } = await new CloudWatchClient().send(
      new DescribeAlarmHistoryCommand({
        AlarmName,
        HistoryItemType: 'StateUpdate',
        StartDate: startedAt,
        EndDate: new Date(),
      }),
    );
    const rang = AlarmHistoryItems.filter(({ HistorySummary = '' }) => /to ALARM/.test(HistorySummary));
    const minutes = rang.map(({ Timestamp = startedAt }) =>
      Math.round((Timestamp.getTime() - startedAt.getTime()) / 60_000),
    );
    return expectAll(`after ${minutes.join(', ') || '–'} minutes`, { 'it went off': rang.length > 0 });
  },
});

/** Whether an outage of the consumers costs no job anything. */
export const outage: Probe<Outage> = {
  letter: 'D',
  title: 'An outage of the consumers',
  minutes: 40,
  lanes: [webhookDelivery.name, ledgerPosting.name],
  does: [
    `sets the reserved concurrency of the consumers of ${webhookDelivery.name} and ${ledgerPosting.name} to 0 for 25 minutes: their jobs wait, and their alarms go off`,
    'creates a public API that answers webhooks, without code',
  ],
  prepare: causeOutage,
  checks: [
    {
      name: 'short waits',
      expected: `a job that asks for 7 s or 50 s comes back then, at most ${BACK_WITHIN_SECONDS} s late`,
      run({ backoffs }) {
        const seen = backoffs.map(({ seconds, gapSeconds }) => `${seconds} s: ${gapSeconds.toFixed(1)} s`).join(', ');
        const inTime = backoffs.every(
          ({ seconds, gapSeconds: gap }) => gap >= seconds && gap <= seconds + BACK_WITHIN_SECONDS,
        );
        return expectAll(seen, { 'in time': inTime });
      },
    },
    {
      name: 'jobs submitted during the outage',
      expected: 'all SUCCEEDED after one attempt',
      run: ({ fresh }) => endedAs(fresh, 1),
    },
    {
      name: 'jobs that waited for their next attempt',
      expected: 'all SUCCEEDED after two attempts: the outage cost none',
      run: ({ waiting }) => endedAs(waiting, 2),
    },
    {
      name: 'jobs of an ordered lane',
      expected: 'all SUCCEEDED after one attempt',
      run: ({ ordered }) => endedAs(ordered.flat(), 1),
    },
    {
      name: 'the order of each key',
      expected: 'the jobs of a key ran in the order in which they were accepted',
      run({ ordered }) {
        const kept = ordered.filter((jobs) => {
          const starts = jobs.map(startOf);
          return starts.every((start, index) => index === 0 || start >= (starts[index - 1] ?? ''));
        });
        return expectAll(`${kept.length} of ${ordered.length} keys in order`, { all: kept.length === ordered.length });
      },
    },
    {
      name: 'dead letters',
      expected: 'none at the end of the outage',
      run: ({ deadLetters }) => expectAll(String(deadLetters), { none: deadLetters === 0 }),
    },
    alarmed('throttledAlarm'),
    alarmed('ageAlarm'),
  ],
};
