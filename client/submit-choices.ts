import {
  type ATTRIBUTES,
  CLIENT_ATTRIBUTES,
  type ClientAttribute,
  type ClientAttributeName,
  type SubmitOptions,
} from '@spillway/shared/contracts/submit-attributes.ts';

/** A time: a `Date`, an RFC 3339 text, or a number of whole seconds from now. */
export type Time = Date | number | string;

type TimeName = {
  [Name in ClientAttributeName]: (typeof ATTRIBUTES)[Name] extends { time: true } ? Name : never;
}[ClientAttributeName];

/**
 * What may be said with a submit besides the input; see shared/contracts/submit-attributes.ts.
 */
export type SubmitChoices = {
  readonly [Name in ClientAttributeName]?: (Name extends TimeName ? Time : string) | undefined;
};

/** The choices as they are sent. */
export function optionsOf(choices: SubmitChoices): SubmitOptions {
  const rows = Object.entries(CLIENT_ATTRIBUTES) as [ClientAttributeName, ClientAttribute][];
  return Object.fromEntries(
    rows.flatMap(([name]) => {
      const choice = choices[name];
      if (choice === undefined) return [];
      return [[name, timeText(choice)]];
    }),
  );
}

/** A time as it is sent; any other text as it is. */
export const timeText = (time: Time): string => (time instanceof Date ? time.toISOString() : String(time));
