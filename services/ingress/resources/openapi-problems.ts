import { fillIn, type ProblemDefinition } from '@spillway/shared/contracts/problem-document.ts';
import { PROBLEMS, type ProblemName } from '../problems.ts';
import { schemaRef } from './operation-description.ts';

const HEADERS: Record<string, object> = {
  'Retry-After': { description: 'Seconds to wait.', schema: { type: 'integer' } },
  'WWW-Authenticate': { description: 'How to authenticate.', schema: { type: 'string' } },
};

/** The refusals of a submit in the API description, by status. */
export const submitRefusals = (limitBytes: number) =>
  byStatus(
    Object.values<ProblemDefinition>(PROBLEMS).filter(({ where }) => where !== 'function' && where !== 'admin'),
    { limitBytes },
  );

/** The refusals of a light function's route: those of any route, and the function's own. */
export const refusals = (own: readonly ProblemName[], forAdministrators: boolean) =>
  byStatus([
    ...Object.values<ProblemDefinition>(PROBLEMS).filter(
      ({ where }) => where === 'any' || (forAdministrators && where === 'admin'),
    ),
    ...own.map((name) => PROBLEMS[name]),
  ]);

function byStatus(problems: readonly ProblemDefinition[], values = {}) {
  const statuses = [...new Set(problems.flatMap(({ status }) => status ?? []))].sort();
  return Object.fromEntries(
    statuses.map((status) => {
      const rows = problems.filter((problem) => problem.status === status);
      const headers = rows.flatMap((row) => Object.keys(row.headers ?? {})).map((name) => [name, HEADERS[name]]);
      return [
        status,
        {
          description: fillIn(rows.flatMap(({ summary }) => summary ?? []).join(' '), values),
          ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
          content: { 'application/problem+json': { schema: schemaRef('Problem') } },
        },
      ];
    }),
  );
}
