import { CURSOR, JOB_STATUSES, LONGEST_PAGE, USUAL_PAGE } from '@spillway/shared/contracts/job.ts';
import type { Parameter } from '../../resources/operation-description.ts';

/** The parameters of every list of jobs. */
export const pageParameters: Parameter[] = [
  { name: 'status', in: 'query', schema: { type: 'string', enum: JOB_STATUSES } },
  {
    name: 'cursor',
    in: 'query',
    description: 'From the page before.',
    schema: { type: 'string', pattern: CURSOR.source },
  },
  {
    name: 'limit',
    in: 'query',
    schema: { type: 'integer', minimum: 1, maximum: LONGEST_PAGE, default: USUAL_PAGE },
  },
];
