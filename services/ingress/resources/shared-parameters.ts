import type { Described } from './shared-responses.ts';

/** A parameter of a few words is easier to read where it is, and a reference to it would save little. */
const SHORTEST = 250;

interface WithParameters {
  parameters?: { name: string }[];
}

/** Moves each long parameter to the components, and refers to it there: the same ones are repeated for every job type. */
export function shareParameters<Description extends Described>(description: Description): Description {
  const shared = new Map<string, string>();
  const parameters: Record<string, object> = {};
  const share = (parameter: { name: string }) => {
    const text = JSON.stringify(parameter);
    if (text.length < SHORTEST) return parameter;
    const same = Object.keys(parameters).filter((name) => name.replace(/-\d+$/, '') === parameter.name).length;
    const name = shared.get(text) ?? `${parameter.name}${same === 0 ? '' : `-${same + 1}`}`;
    shared.set(text, name);
    parameters[name] = parameter;
    return { $ref: `#/components/parameters/${name}` };
  };
  const within = (value: unknown): unknown => {
    const own = (value as WithParameters).parameters;
    return own ? { ...(value as object), parameters: own.map(share) } : value;
  };
  const path = (each: Record<string, unknown>) =>
    Object.fromEntries(
      Object.entries(each).map(([method, value]) => [
        method,
        method === 'parameters' ? (value as { name: string }[]).map(share) : within(value),
      ]),
    );
  const paths = Object.fromEntries(Object.entries(description.paths).map(([name, each]) => [name, path(each)]));
  return { ...description, paths, components: { ...description.components, parameters } };
}
