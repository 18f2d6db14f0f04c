import { askLake, type Lake } from '@spillway/client/lake.ts';

/** The facts about the jobs of a trace, which are delivered to the lake at least once. */
export interface Facts {
  /** Different facts, by their event. */
  distinct: number;
  /** Rows beyond the first of a fact. */
  repeated: number;
}

/** A settled job has at least these: that it was accepted, that it started, and its outcome. */
export const FACTS_A_JOB = 3;

/** Facts come within minutes, perhaps after midnight. */
const ENOUGH_DAYS = 2;

/**
 * Counts the facts that the lake holds about the jobs of a trace.
 *
 * @param traceId 32 hexadecimal digits
 */
export async function countFacts(lake: Lake, traceId: string): Promise<Facts> {
  const since = new Date(Date.now() - ENOUGH_DAYS * 86_400_000).toISOString().slice(0, 10);
  const { rows } = await askLake(
    lake,
    `SELECT COUNT(DISTINCT event_id), COUNT(*) FROM facts WHERE day >= '${since}' AND trace_id = '${traceId}'`,
  );
  const [distinct = 0, all = 0] = (rows[0] ?? []).map(Number);
  return { distinct, repeated: all - distinct };
}
