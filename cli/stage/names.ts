/** Recognises the names of one stage. They begin with the stage, and a stage `dev` must not take what `dev-2` owns. */
export interface StageNames {
  stage: string;
  /** Whether a name is `<prefix><stage>-…` of this stage. */
  owns(name: string, prefix?: string): boolean;
}

/** What every name that we choose begins with, before the stage. */
export const PREFIX = 'spillway-';

/** @param stages all stages of the account and region that are known to exist */
export function namesOf(stage: string, stages: Iterable<string>): StageNames {
  const longer = [...stages].filter((other) => other.startsWith(`${stage}-`));
  return {
    stage,
    owns: (name, prefix = PREFIX) =>
      name.startsWith(`${prefix}${stage}-`) && !longer.some((other) => name.startsWith(`${prefix}${other}-`)),
  };
}

const JOBS_TABLE = new RegExp(`^${PREFIX}(.+)-jobs$`);

/** The stages that exist, seen from what each of them has: stacks, and a jobs table that may have outlived them. */
export function stagesIn(
  services: readonly string[],
  stacks: readonly string[],
  tables: readonly string[],
): Set<string> {
  const ofStacks = stacks.flatMap((stack) =>
    services.filter((service) => stack.startsWith(`${service}-`)).map((service) => stack.slice(service.length + 1)),
  );
  return new Set([...ofStacks, ...tables.flatMap((table) => JOBS_TABLE.exec(table)?.[1] ?? [])]);
}
