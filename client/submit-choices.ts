import {
  type ATTRIBUTES,
  CLIENT_ATTRIBUTES,
  type ClientAttribute,
  type ClientAttributeName,
  type SubmitOptions,
} from '@spillway/shared/contracts/submit-attributes.ts';

type TimeName = {
  [Name in ClientAttributeName]: (typeof ATTRIBUTES)[Name] extends { time: true } ? Name : never;
}[ClientAttributeName];

/**
 * What may be said with a submit besides the input; see shared/contracts/submit-attributes.ts. A time is a `Date`, an
 * RFC 3339 text, or a number of whole seconds from now.
 */
export type SubmitChoices = {
  readonly [Name in ClientAttributeName]?: (Name extends TimeName ? Date | number | string : string) | undefined;
};

/** The choices as they are sent. */
export function optionsOf(choices: SubmitChoices): SubmitOptions {
  const rows = Object.entries(CLIENT_ATTRIBUTES) as [ClientAttributeName, ClientAttribute][];
  return Object.fromEntries(
    rows.flatMap(([name]) => {
      const choice = choices[name];
      if (choice === undefined) return [];
      return [[name, choice instanceof Date ? choice.toISOString() : String(choice)]];
    }),
  );
}
