import { LONGEST_PAGE, USUAL_PAGE } from '@spillway/shared/contracts/job.ts';
import { CursorError } from '@spillway/shared/job-store/pages.ts';
import type { APIGatewayProxyEvent } from 'aws-lambda';
import { Problem } from './light-function.ts';

/** The parameters of a query, as API Gateway passes them on. */
export type Parameters = Readonly<Record<string, string | undefined>>;

export const badParameter = (parameter: string, reason: string) => new Problem('badParameter', { parameter, reason });

/**
 * The parameters of a request's query.
 *
 * @throws Problem `badParameter` if one comes twice: API Gateway would pass on only the last value of it
 */
export function queryOf({
  multiValueQueryStringParameters,
}: Pick<APIGatewayProxyEvent, 'multiValueQueryStringParameters'>): Parameters {
  const all = Object.entries(multiValueQueryStringParameters ?? {});
  const [twice] = all.find(([, values = []]) => values.length > 1) ?? [];
  if (twice !== undefined) throw badParameter(twice, 'send it once.');
  return Object.fromEntries(all.map(([name, values]) => [name, values?.[0]]));
}

/** Refuses a parameter that a list does not have. @throws Problem `badParameter` that names those that it has */
export function refuseUnknown(names: readonly string[], known: readonly string[]): void {
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw badParameter(unknown, `there is no such parameter; use ${known.join(', ')}.`);
}

/** Reads how many entries a page has. @throws Problem `badParameter` */
export function readLimit(limit = String(USUAL_PAGE)): number {
  const size = Number(limit);
  if (/^\d+$/.test(limit) && size >= 1 && size <= LONGEST_PAGE) return size;
  throw badParameter('limit', `use a whole number from 1 to ${LONGEST_PAGE}.`);
}

/** Reads a page. @throws Problem `badParameter` if its cursor is not one of ours */
export async function readPage<Page>(read: () => Promise<Page>): Promise<Page> {
  try {
    return await read();
  } catch (thrown) {
    if (thrown instanceof CursorError) throw badParameter('cursor', `${thrown.message}.`);
    throw thrown;
  }
}
