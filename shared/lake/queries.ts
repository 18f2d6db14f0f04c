import type { EventType } from '../contracts/events/event-types.ts';
import { OUTCOMES, STATUSES } from '../contracts/job.ts';

/** A question to the lake. It is asked as a named query in Athena and by `spillway report`. */
export interface LakeQuery {
  title: string;
  /** The column that a chart shows. */
  chart: string;
  /**
   * SQL that Athena and DuckDB both run, over `seen`, the facts; `settled`, the newest outcome of each job; and `runs`, the
   * times in which a job ran, each by the fact that began it.
   */
  sql: string;
}

/** Which facts a query is about. The values are SQL expressions; times are texts in ISO 8601 and UTC. */
export interface QueryScope {
  from: string;
  /** The first time that is not in it. Absent for everything until now. */
  to?: string;
  /** The partitions to read: facts arrive after their time, and the days are those of their arrival. */
  firstDay: string;
  lastDay?: string;
  /** Further conditions on columns of the facts. */
  where?: readonly string[];
}

/** A text as SQL. */
export const sqlText = (text: string): string => `'${text.replaceAll("'", "''")}'`;

const eventsOf = (names: readonly (typeof OUTCOMES)[number][]) =>
  names.map((name) => sqlText(STATUSES[name].event)).join(', ');
const FAILED = eventsOf(OUTCOMES.filter((name) => 'failure' in STATUSES[name]));
/** A column that counts the jobs with an outcome. */
const countOf = (outcome: (typeof OUTCOMES)[number]) =>
  `COUNT(CASE WHEN event_type = ${sqlText(STATUSES[outcome].event)} THEN 1 END) AS ${outcome.toLowerCase()}`;
const STARTED = sqlText(STATUSES.RUNNING.event);
const BEGINS_RUN = ([STATUSES.RUNNING.event, 'job.decided'] satisfies EventType[]).map(sqlText).join(', ');
/** What can happen to a job while it runs. Every other fact ends the run. */
const DURING_RUN = (['job.progressed', 'job.conflicted'] satisfies EventType[]).map(sqlText).join(', ');
/** What identifies a job: an id that is used again once its row has expired is another job, accepted at another time. */
export const JOB = 'tenant, job_type, job_id, accepted_at';
/** A time of a fact as a timestamp. Athena casts no text with `T` and `Z`. */
const timestamp = (column: string) => `CAST(replace(replace(${column}, 'T', ' '), 'Z', '') AS timestamp)`;
/** The nearest rank: the smallest latency that this share of the jobs does not exceed. */
const percentile = (percent: number) =>
  `MIN(CASE WHEN 100 * place >= ${percent} * jobs THEN latency_ms END) AS p${percent}_ms`;

/**
 * The questions, by name. All functions in them mean the same in Trino, which Athena runs, and in DuckDB
 * (https://docs.aws.amazon.com/athena/latest/ug/functions-env3.html).
 */
export const QUERIES = {
  throughput: {
    title: 'Settled jobs by hour (UTC)',
    chart: 'jobs',
    sql: `SELECT substr(event_time, 1, 13) AS hour, COUNT(*) AS jobs,
  ${OUTCOMES.map(countOf).join(',\n  ')}
FROM settled GROUP BY substr(event_time, 1, 13) ORDER BY hour`,
  },
  latency: {
    title: 'Milliseconds from accepted to settled, by job type and tenant',
    chart: 'p95_ms',
    sql: `SELECT job_type, tenant, COUNT(*) AS jobs, ${[50, 95, 99].map(percentile).join(', ')}, MAX(latency_ms) AS max_ms
FROM (
  SELECT job_type, tenant, latency_ms, COUNT(*) OVER (PARTITION BY job_type, tenant) AS jobs,
    ROW_NUMBER() OVER (PARTITION BY job_type, tenant ORDER BY latency_ms) AS place
  FROM settled
) AS ranked
GROUP BY job_type, tenant ORDER BY job_type, tenant`,
  },
  failures: {
    title: 'Why jobs failed or expired',
    chart: 'jobs',
    sql: `SELECT job_type, COALESCE(error_code, event_type) AS reason, COUNT(*) AS jobs,
  COUNT(DISTINCT tenant) AS tenants, MAX(event_time) AS last_at
FROM settled WHERE event_type IN (${FAILED})
GROUP BY job_type, COALESCE(error_code, event_type) ORDER BY jobs DESC, job_type, reason`,
  },
  retries: {
    title: 'Why attempts were repeated',
    chart: 'retries',
    sql: `SELECT job_type, reason, SUM(retries) AS retries, COUNT(*) AS jobs
FROM (
  SELECT ${JOB}, error_code AS reason, COUNT(*) AS retries
  FROM seen WHERE event_type = ${sqlText(STATUSES.QUEUED.event)}
  GROUP BY ${JOB}, error_code
) AS repeated
GROUP BY job_type, reason ORDER BY retries DESC, job_type, reason`,
  },
  tenants: {
    title: 'Who had the most attempts',
    chart: 'attempts',
    sql: `SELECT tenant, SUM(attempt) AS attempts, COUNT(*) AS jobs,
  COUNT(CASE WHEN event_type IN (${FAILED}) THEN 1 END) AS failed_or_expired
FROM settled GROUP BY tenant ORDER BY attempts DESC, tenant LIMIT 20`,
  },
  cost: {
    title: 'What costs depend on, by tenant and job type',
    chart: 'running_ms',
    sql: `SELECT seen.tenant, seen.job_type, COUNT(DISTINCT seen.job_id || seen.accepted_at) AS jobs,
  COUNT(CASE WHEN seen.event_type = ${STARTED} THEN 1 END) AS attempts,
  COALESCE(SUM(runs.running_ms), 0) AS running_ms,
  COUNT(runs.event_id) - COUNT(runs.running_ms) AS runs_without_end, COUNT(*) AS facts
FROM seen LEFT JOIN runs ON runs.event_id = seen.event_id
GROUP BY seen.tenant, seen.job_type ORDER BY running_ms DESC, seen.tenant, seen.job_type`,
  },
} as const satisfies Record<string, LakeQuery>;

export type QueryName = keyof typeof QUERIES;
export const QUERY_NAMES = Object.keys(QUERIES) as QueryName[];

/**
 * A query as SQL. A fact that was stored twice counts once, and so does each job: by the outcome with the highest revision. A
 * job that was replayed counts again once it has a new outcome. A run counts in the time in which it began; if the next fact
 * is another start, its consumer was killed at an unknown time, and its end is unknown.
 */
export function sqlOf(name: QueryName, { from, to, firstDay, lastDay, where = [] }: QueryScope): string {
  const partitions = [`day >= ${firstDay}`, ...(lastDay ? [`day <= ${lastDay}`] : [])];
  const inTime = [`event_time >= ${from}`, ...(to ? [`event_time < ${to}`] : [])].join(' AND ');
  return `WITH distinct_rows AS (
  SELECT DISTINCT event_id, event_type, event_time, ${JOB}, revision, attempt, latency_ms, error_code
  FROM facts WHERE ${[...partitions, ...where].join(' AND ')}
),
seen AS (SELECT * FROM distinct_rows WHERE ${inTime}),
newest AS (
  SELECT event_type, event_time, ${JOB}, attempt, latency_ms, error_code,
    ROW_NUMBER() OVER (PARTITION BY ${JOB} ORDER BY revision DESC) AS newness
  FROM distinct_rows WHERE event_type IN (${eventsOf(OUTCOMES)}, 'job.replayed')
),
settled AS (SELECT * FROM newest WHERE newness = 1 AND event_type <> 'job.replayed' AND ${inTime}),
steps AS (
  SELECT event_id, event_type, event_time,
    LEAD(event_type) OVER (PARTITION BY ${JOB} ORDER BY revision) AS next_type,
    LEAD(event_time) OVER (PARTITION BY ${JOB} ORDER BY revision) AS next_time
  FROM distinct_rows WHERE event_type NOT IN (${DURING_RUN})
),
runs AS (
  SELECT event_id, CASE WHEN next_type <> ${STARTED} THEN
    date_diff('millisecond', ${timestamp('event_time')}, ${timestamp('next_time')}) END AS running_ms
  FROM steps WHERE event_type IN (${BEGINS_RUN}) AND ${inTime}
)
${QUERIES[name].sql}`;
}

/** Facts may arrive this much later than their time and are still counted, for example after a replay. */
const LATE_DAYS = 7;
/** The times are compared as texts, which is right only for years of four digits. */
const FIRST_MS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MS = Date.parse('9999-12-31T23:59:59.999Z');
const textOf = (time: Date, plusDays = 0) =>
  new Date(Math.min(Math.max(time.getTime() + plusDays * 86_400_000, FIRST_MS), LAST_MS)).toISOString();
const dayOf = (time: Date, plusDays: number) => textOf(time, plusDays).slice(0, 10);

/** The scope of a time. It also reads the day before: an object is in the partition of its oldest fact, and clocks differ. */
export const scopeOf = (from: Date, to: Date, where: readonly string[] = []): QueryScope => ({
  from: sqlText(textOf(from)),
  to: sqlText(textOf(to)),
  firstDay: sqlText(dayOf(from, -1)),
  lastDay: sqlText(dayOf(to, LATE_DAYS)),
  where,
});

const daysAgo = (days: number) => `substr(CAST(current_date - INTERVAL '${days}' DAY AS varchar), 1, 10)`;
/** The last seven days and today, whenever the query is run. */
export const LAST_WEEK: QueryScope = { from: daysAgo(7), firstDay: daysAgo(8) };
