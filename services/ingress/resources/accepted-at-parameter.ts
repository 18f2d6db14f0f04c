import { LATEST_ACCEPTED_AT } from '../job-request.ts';
import type { Parameter } from './operation-description.ts';

/** The query parameter `acceptedAt` in the API description. @param use what it is good for, as a sentence */
export const acceptedAtParameter = (use: string): Parameter => ({
  name: 'acceptedAt',
  in: 'query',
  description: `From the Location of the submit. ${use}`,
  schema: { type: 'integer', format: 'int64', minimum: 1, maximum: LATEST_ACCEPTED_AT },
});
