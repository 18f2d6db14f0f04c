import { setTimeout as sleep } from 'node:timers/promises';
import { startSink } from '@spillway/demo/burst/webhook-sink.ts';
import { outputOf } from '@spillway/engine/outputs.ts';
import type { JobType } from '@spillway/shared/contracts/job-type.ts';
import { JOB_RETENTION_SECONDS } from '@spillway/shared/contracts/lane.ts';
import { exampleNeedsUpload } from '@spillway/shared/contracts/upload.ts';
import { activeJobTypes, loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import type { Deployed } from '../deployed-engine.ts';
import { JOB_TYPE, runPipe } from '../pipe.ts';
import { tableOf, verdict } from '../table.ts';
import { type Bill, billOf, totalOf } from './bill.ts';
import { type Counts, countsOf, indexesIn } from './counts.ts';
import { type Idle, idleLane, idleMonth } from './idle.ts';
import { costInputOf } from './inputs.ts';
import type { Load } from './model.ts';
import { PRICES, PRICES_OF } from './prices.ts';
import { engineRecorder } from './recording.ts';
import { readSettings } from './settings.ts';
import { packageAll, type Templates } from './templates.ts';

interface MeasuredLoad extends Load {
  /** How many jobs are sent at once, and how often. */
  jobs: number;
  rounds: number;
  /** For a million of {@link JOB_TYPE}. */
  target: number;
}

const LOADS: MeasuredLoad[] = [
  // the lanes are full
  { name: 'burst', jobsPerSecond: 100, jobs: 200, rounds: 1, target: 8 },
  // a million a month, one after the other
  { name: 'trickle', jobsPerSecond: 0.38, jobs: 1, rounds: 8, target: 10 },
];
/** Enough to start the functions: during cold starts the batches are not full. */
const WARM_UP_JOBS = 40;
/** The reader that writes facts may be this much later than the one whose events the run waits for. */
const READERS_LAG_MS = 2000;
/** Dollars a month: of a stage with the four lanes of processing, and of a further lane of either kind. */
const IDLE_TARGETS = { fourLanes: 5, furtherLane: 0.9 };
/** The four lanes that the target is about. */
const FOUR_LANES = ['csv-import', 'ledger-posting', 'order-fulfilment', 'webhook-delivery'];
/** What later features added to that stage. docs/later.md, docs/schedules.md, docs/durable.md, docs/push.md and docs/events.md price them. */
const ADDED_SINCE = [
  'OnDashdueEventSourceMappingSQSDueQueue',
  'EveryDashminuteEventsRuleSchedule1',
  'OverdueAlarm',
  'TickCrashAlarm',
  'ScheduleDeadLetterAlarm',
  'LostEndsAlarm',
  'OnDashpushEventSourceMappingSQSPushQueue',
  'TickDashconnectionsEventsRuleSchedule1',
  'PushLateAlarm',
  'PushesFailedAlarm',
  // of both readers of the table's stream
  'RefusedAlarm',
  'NotConvertedAlarm',
];
/** A service that has none of them, and nothing but its lanes. */
const FURTHER_SERVICE = 'billing';

/** Measures what each job type uses, and prices it. @returns the bills as tables */
export async function measureCost(deployed: Deployed): Promise<string> {
  const templates = await packageAll(deployed.engine);
  const settings = readSettings(templates);
  // docs/bulk.md prices a bulk file: its jobs need an upload, and cost by the line
  const jobTypes = activeJobTypes().filter((jobType) => !exampleNeedsUpload(jobType));
  const bills = new Map<JobType, Bill[]>();
  const metrics = new Set<string>();
  const sink = await startSink();
  try {
    for (const jobType of jobTypes) {
      await runPipe(deployed, WARM_UP_JOBS, { jobType, sinkUrl: sink.url, input: costInputOf });
      const ofType: Bill[] = [];
      for (const load of LOADS) {
        const counts = await count(deployed, jobType, load, { sinkUrl: sink.url, templates });
        for (const metric of counts.metrics) metrics.add(metric);
        ofType.push(billOf(jobType, counts, load, settings));
      }
      bills.set(jobType, ofType);
    }
  } finally {
    sink.stop();
  }
  return [
    `What a million jobs cost, in dollars (prices of ${PRICES_OF}; ~ is modelled, the rest counted: bench/README.md)`,
    ...LOADS.map((load, index) =>
      billTable(load, new Map([...bills].map(([type, all]) => [type, all[index] as Bill]))),
    ),
    'What a month costs, in dollars',
    monthTable(loadJobTypes(), templates, metrics.size),
  ].join('\n\n');
}

async function count(
  deployed: Deployed,
  jobType: JobType,
  { jobs, rounds }: MeasuredLoad,
  { sinkUrl, templates }: { sinkUrl: string; templates: Templates },
): Promise<Counts> {
  const recorder = engineRecorder(deployed.engine);
  await deployed.calls.reset();
  await recorder.start();
  let events = 0;
  for (let round = 0; round < rounds; round += 1) {
    events += (await runPipe(deployed, jobs, { jobType, sinkUrl, input: costInputOf })).events;
  }
  await sleep(READERS_LAG_MS);
  const run = { jobs: jobs * rounds, events, calls: await deployed.calls.read(), recording: await recorder.stop() };
  return countsOf(run, outputOf(deployed.outputs, 'processing', 'JobsTableName'), indexesIn(templates));
}

/** A line for each thing that costs, with a column for each job type. */
function billTable({ name, jobsPerSecond, target }: MeasuredLoad, bills: Map<JobType, Bill>): string {
  const all = [...bills.values()];
  const row = (label: string, dollars: (bill: Bill) => number) => [
    label,
    ...all.map((bill) => dollars(bill).toFixed(2)),
  ];
  const lines = (part: keyof Bill) =>
    Object.keys(all[0]?.[part] ?? {})
      .filter((line) => all.some((bill) => (bill[part][line] ?? 0) >= 0.005))
      .map((line) => row(`  ${line}`, (bill) => bill[part][line] ?? 0));
  const targeted = [...bills].find(([jobType]) => jobType.name === JOB_TYPE.name)?.[1];
  const met = targeted ? `; ${JOB_TYPE.name} ${verdict(totalOf(targeted.platform), target)}` : '';
  const days = Math.round(JOB_RETENTION_SECONDS / 86_400);
  return tableOf([
    [`${name}, ${jobsPerSecond} jobs a second${met}`],
    ['', ...[...bills.keys()].map((jobType) => jobType.name)],
    row('platform', ({ platform }) => totalOf(platform)),
    ...lines('platform'),
    row('the work of the job', ({ own }) => totalOf(own)),
    ...lines('own'),
    row(`~ rows kept for ${days} days`, ({ kept }) => totalOf(kept)),
    ...lines('kept'),
    row('all', ({ platform, own, kept }) => totalOf(platform) + totalOf(own) + totalOf(kept)),
  ]);
}

/** An idle month by service, and what a further lane adds. */
function monthTable(jobTypes: readonly JobType[], templates: Templates, customMetrics: number): string {
  const months = Object.entries(templates).map(([service, resources]) => [service, idleMonth(resources)] as const);
  const names = Object.keys(months[0]?.[1] ?? {}) as (keyof Idle)[];
  const used = names.filter((name) => months.some(([, idle]) => idle[name] > 0));
  const row = (label: string, idle: Idle, note = '') => [
    label,
    totalOf(idle).toFixed(2),
    ...used.map((name) => idle[name].toFixed(2)),
    note,
  ];
  const laneRow = ({ name, lane }: JobType, idle: Idle) =>
    row(`a lane: ${name}, ${lane.kind}`, idle, verdict(totalOf(idle), IDLE_TARGETS.furtherLane));
  const together = (idles: Idle[]) =>
    Object.fromEntries(names.map((name) => [name, idles.reduce((total, idle) => total + idle[name], 0)])) as Idle;
  const minus = (idle: Idle, other: Idle) =>
    Object.fromEntries(names.map((name) => [name, idle[name] - other[name]])) as Idle;
  const further = jobTypes.filter(({ name, service }) => service !== FURTHER_SERVICE && !FOUR_LANES.includes(name));
  const four = minus(
    together(months.filter(([service]) => service !== FURTHER_SERVICE).map(([, idle]) => idle)),
    together(further.map((jobType) => idleLane(jobType, templates))),
  );
  const added = together(Object.values(templates).map((resources) => idleMonth(resources, ADDED_SINCE)));
  return tableOf([
    ['', 'sum', ...used],
    row('idle stage', together(months.map(([, idle]) => idle))),
    ...months.map(([service, idle]) => row(`  ${service}`, idle)),
    row('the same with four lanes', four),
    row(
      '  without what was added since',
      minus(four, added),
      verdict(totalOf(minus(four, added)), IDLE_TARGETS.fourLanes),
    ),
    ...jobTypes.map((jobType) => laneRow(jobType, idleLane(jobType, templates))),
    [
      'custom metrics, if all are written around the clock',
      (customMetrics * PRICES.customMetric).toFixed(2),
      `${customMetrics} metrics`,
    ],
  ]);
}
