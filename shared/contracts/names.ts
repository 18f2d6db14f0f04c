/** At most this long, because names of job types and services are parts of longer names on AWS. */
export const LONGEST_NAME = 40;

/** Whether a text can name a job type or a service: in kebab case, such as `invoice-render`, because folders and routes have these names. */
export const isName = (text: string): boolean =>
  /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text.length <= LONGEST_NAME;
