/** How many search keys a contract may have: each is an index of the jobs table, which has room for 20. */
export const MOST_SEARCH_KEYS = 3;

/** The other query parameters of a list, which a search key must not hide. */
export const LIST_PARAMETERS = ['status', 'cursor', 'limit'];
/** The other fields of a filter, such as that of a cancellation, which a search key must not hide either. */
const FILTER_FIELDS = ['status', 'from', 'to'];

/** A value of an input's field, as lists look for it. */
export interface SearchTerm {
  field: string;
  /** The value as text: of a number, JavaScript's own notation. */
  value: string;
}

interface WithSearchKeys {
  searchKeys: readonly string[];
  example: { input: unknown };
}

/**
 * The values of a body's search keys, each at the position of its key. They are read from the JSON as the client sent it, so
 * a job that fails because of its input can be found, too. A value that is neither text, a number nor a boolean is left out.
 *
 * @returns undefined for a job type without search keys, at no cost
 */
export function searchTermsOf(
  body: string,
  { searchKeys }: Pick<WithSearchKeys, 'searchKeys'>,
): (SearchTerm | undefined)[] | undefined {
  if (searchKeys.length === 0) return undefined;
  const input = objectIn(body);
  return searchKeys.map((field) => {
    const value = Object.hasOwn(input, field) ? input[field] : undefined;
    // DynamoDB stores UTF-8, which has no half of a surrogate pair
    return isSearchable(value) ? { field, value: String(value).toWellFormed() } : undefined;
  });
}

function objectIn(body: string): Record<string, unknown> {
  try {
    const input: unknown = JSON.parse(body);
    return isObject(input) ? input : {};
  } catch {
    return {};
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isSearchable = (value: unknown): value is string | number | boolean =>
  ['string', 'number', 'boolean'].includes(typeof value);

/** What a query for a field of some type must look like, and its text as {@link searchTermsOf} has it. */
const QUERIES = {
  string: { rule: 'use a text', text: (query: string) => query },
  number: {
    rule: 'use a number',
    text: (query: string) =>
      /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(query) ? String(Number(query)) : undefined,
  },
  boolean: {
    rule: 'use true or false',
    text: (query: string) => (query === 'true' || query === 'false' ? query : undefined),
  },
} as const;
type Kind = keyof typeof QUERIES;

/** The type of a search key's values, which the contract's example shows. A field that it lacks is an optional text. */
export const searchKind = ({ example }: Pick<WithSearchKeys, 'example'>, field: string): Kind =>
  typeof ((example.input as Record<string, unknown>)[field] ?? '') as Kind;

/** Reads the value of a query parameter. @returns the rule if the value does not fit the field's type */
export function searchTerm(jobType: WithSearchKeys, field: string, query: string): SearchTerm | { rule: string } {
  const { rule, text } = QUERIES[searchKind(jobType, field)];
  const value = text(query);
  return value === undefined ? { rule } : { field, value };
}

/**
 * Why a contract's search keys cannot work, or undefined.
 *
 * @param fits whether the example with another value of a field still fits the input
 * @param isOptionalText whether a field is an optional text, which the example may lack
 */
export function searchKeyProblem(
  { searchKeys, example }: WithSearchKeys,
  fits: (field: string, value: unknown) => boolean,
  isOptionalText: (field: string) => boolean,
): string | undefined {
  if (!Array.isArray(searchKeys) || searchKeys.length > MOST_SEARCH_KEYS) {
    return `searchKeys must be a list of at most ${MOST_SEARCH_KEYS} fields of the input`;
  }
  if (new Set(searchKeys).size < searchKeys.length) return 'searchKeys names a field twice';
  return searchKeys
    .map((field) => fieldProblem(field, example, fits, isOptionalText))
    .find((problem) => problem !== undefined);
}

function fieldProblem(
  field: string,
  example: WithSearchKeys['example'],
  fits: (field: string, value: unknown) => boolean,
  isOptionalText: (field: string) => boolean,
): string | undefined {
  if (LIST_PARAMETERS.includes(field)) {
    return `searchKeys must not contain "${field}", because lists have a parameter of this name: rename the field`;
  }
  if (FILTER_FIELDS.includes(field)) {
    return `searchKeys must not contain "${field}", because filters have a field of this name: rename the field`;
  }
  if (!/^[A-Za-z][A-Za-z0-9_]{0,63}$/.test(field)) {
    return `searchKeys contains ${JSON.stringify(field)}: use names of 1 to 64 letters, digits and "_" that start with a letter`;
  }
  const shown = (example.input as Record<string, unknown> | undefined)?.[field];
  if (shown === undefined && isOptionalText(field)) return undefined;
  if (!isSearchable(shown)) {
    return `searchKeys contains "${field}", but example.input.${field} is not a text, a number or a boolean`;
  }
  if ([{}, [], null].some((value) => fits(field, value))) {
    return `searchKeys contains "${field}", which may also be an object, a list or null: use a field that is only text, a number or a boolean`;
  }
  return undefined;
}
