/** At most this long, because names of job types and services are parts of longer names on AWS. */
export const LONGEST_NAME = 40;

/** Whether a text can name a job type or a service: in kebab case, such as `invoice-render`, because folders and routes have these names. */
export const isName = (text: string): boolean =>
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= LONGEST_NAME;

/**
 * The names of the queues of a stage that are named like lanes and receive only what AWS or the platform sends there, without
 * `spillway-<stage>-`; `*` is any text: DLQs, ends of workflows that could not be delivered, events for sockets and people, and files
 * that were not loaded. Who may send into the lanes of every service is denied these, so no job type may have such a name.
 */
export const NOT_LANES = [
  '*-dlq',
  '*-dlq.fifo',
  '*-lost-ends',
  'push.fifo',
  'events-inspection',
  'events-undelivered',
  'redshift-not-loaded',
] as const;

/** The queue of references to jobs that fall due, without `spillway-<stage>-`. */
export const DUE = 'due';
