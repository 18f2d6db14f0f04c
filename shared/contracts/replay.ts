/** What a message says about the replay that it is from. */
export interface Replay {
  /** The generation that it starts: 2 for the first replay of a job. */
  generation: number;
  at: Date;
}

/**
 * The attribute of a replayed message besides those of a submit. It says which generation the message may start,
 * and the reader of the dead-letter queues how long the message has been in its lane.
 */
export const REPLAY_ATTRIBUTE = 'replay';

/** The attribute of a message that replays a failure as a new job: the id of the old job, of the same tenant and type. */
export const REPLAY_OF_ATTRIBUTE = 'replayOf';

const FORMAT = /^(\d{1,6});(\d{1,15})$/;

export const writeReplay = ({ generation, at }: Replay): string => `${generation};${at.getTime()}`;

/** @returns undefined if the message is not a replayed one */
export function readReplay(value: string | undefined): Replay | undefined {
  const [, generation, at] = FORMAT.exec(value ?? '') ?? [];
  return generation && at ? { generation: Number(generation), at: new Date(Number(at)) } : undefined;
}
