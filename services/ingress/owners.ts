/** The service that owns each job type. */
export type Owners = Readonly<Record<string, string>>;

/** Writes the owners of job types for the environment of a function, which may be 4 KB long. */
export const writeOwners = (jobTypes: readonly { name: string; service: string }[]): string =>
  jobTypes.map(({ name, service }) => `${name}=${service}`).join(',');

/** Reads what {@link writeOwners} wrote. */
export const readOwners = (text: string): Owners => Object.fromEntries(text.split(',').map((each) => each.split('=')));
