interface Operation {
  responses?: Record<string, object>;
}

/** An API description, as far as responses go. */
export interface Described {
  paths: Record<string, Record<string, unknown>>;
  components: object;
}

/**
 * Moves each response that several operations have to the components, and refers to it there: most refusals are the same
 * everywhere, and written out they would not fit a mapping template.
 */
export function shareResponses<Description extends Described>(description: Description): Description {
  const operations = Object.values(description.paths).flatMap((path) => Object.values(path) as Operation[]);
  const all = operations.flatMap(({ responses = {} }) => Object.entries(responses));
  const groups = Map.groupBy(all, ([status, response]) => `${status} ${JSON.stringify(response)}`);
  const names = new Map<string, string>();
  const responses: Record<string, object> = {};
  for (const [key, [first, second]] of groups) {
    if (!first || !second) continue;
    const [status, response] = first;
    const same = Object.keys(responses).filter((name) => name.startsWith(`Answer${status}`)).length;
    const name = `Answer${status}${same === 0 ? '' : `-${same + 1}`}`;
    names.set(key, name);
    responses[name] = response;
  }
  const shared = (status: string, response: object) => {
    const name = names.get(`${status} ${JSON.stringify(response)}`);
    return name ? { $ref: `#/components/responses/${name}` } : response;
  };
  const operation = (each: unknown) => {
    const own = (each as Operation)?.responses;
    if (!own) return each;
    const entries = Object.entries(own).map(([status, response]) => [status, shared(status, response)]);
    return { ...(each as object), responses: Object.fromEntries(entries) };
  };
  const path = (each: Record<string, unknown>) =>
    Object.fromEntries(Object.entries(each).map(([method, value]) => [method, operation(value)]));
  return {
    ...description,
    paths: Object.fromEntries(Object.entries(description.paths).map(([name, each]) => [name, path(each)])),
    components: { ...description.components, responses },
  };
}
