import { SOLO_PARAMETERS } from './platform.ts';

/** The parameters of a stage. */
export type Parameters = Record<string, string | number | boolean>;

/** The parameters of every service, by stage. */
const COMMON_PARAMETERS: Record<string, Parameters> = {
  default: {
    // resources that hold jobs outlive their stack
    deletionPolicy: 'Retain',
    onlyOnLoopback: false,
    // aws-cn and aws-us-gov are other partitions
    partition: 'aws',
    // For how long a reader of the table's stream sends again what a destination refuses, before it stores it and goes on. A
    // destination that throttles catches up in seconds. Longer than 20 s has no effect (shared/runtime/stream/delivery.ts)
    deliveryPatienceMs: 10_000,
    // how often the dead-letter queues are read: no job in there is urgent, because its lane has tried for hours. In every
    // period of five minutes, which is what alarms count, there is a run (docs/decisions/2026-11-26-what-an-idle-stage-pays-for.md)
    deadLetterSchedule: 'rate(4 minutes)',
    // when a durable job is first looked at (shared/attempt/looks.ts): a lost end is rare, and most workflows that do not wait
    // have ended by then, so that they cost no look
    firstLookSeconds: 900,
  },
  local: {
    deletionPolicy: 'Delete',
    onlyOnLoopback: true,
    // tests let destinations refuse while other tests wait for their events
    deliveryPatienceMs: 300,
    // the shortest that EventBridge allows: the chaos tests wait for it
    deadLetterSchedule: 'rate(1 minute)',
    // tests wait for it
    firstLookSeconds: 9,
  },
  // packages and invokes without a network and without other stacks
  solo: SOLO_PARAMETERS,
};

/** A service's own parameters on top of those of every service. */
export function stageParameters(own: Record<string, Parameters>): Record<string, Parameters> {
  const stages = new Set([...Object.keys(COMMON_PARAMETERS), ...Object.keys(own)]);
  return Object.fromEntries([...stages].map((stage) => [stage, { ...COMMON_PARAMETERS[stage], ...own[stage] }]));
}
