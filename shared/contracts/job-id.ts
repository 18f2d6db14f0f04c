/** The format of a client's own job id. A job with another id is accepted and then fails. */
export const JOB_ID = /^[A-Za-z0-9._-]{1,64}$/;
/**
 * Path segments below a job type that cannot be job ids: the front door refuses them. URL parsers remove segments of only dots.
 */
export const RESERVED_JOB_IDS = ['batch', 'cancellations', '.', '..'];
