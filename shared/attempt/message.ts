import type { FIRING_ATTRIBUTE } from '../contracts/firing.ts';
import type { REPLAY_ATTRIBUTE, REPLAY_OF_ATTRIBUTE } from '../contracts/replay.ts';
import type { AttributeName } from '../contracts/submit-attributes.ts';

/** A message as the queue delivered it. */
export interface Message {
  messageId: string;
  body: string;
  attributes: Readonly<
    Partial<
      Record<AttributeName | typeof FIRING_ATTRIBUTE | typeof REPLAY_ATTRIBUTE | typeof REPLAY_OF_ATTRIBUTE, string>
    >
  >;
  groupId: string | undefined;
  /** How often the queue has delivered it, including this time. */
  receiveCount: number;
  sentAt: Date;
}

/**
 * A message that waits in its job's row, with everything needed to send it into its lane. A body that would make each write
 * of the row dearer than an object in S3 is in the archive, under its key.
 */
export interface KeptMessage extends Pick<Message, 'messageId' | 'attributes'> {
  groupId?: string;
  /** The name of its lane's queue. */
  lane: string;
  /** The body, deflated (RFC 1951). */
  body: { deflated: Uint8Array } | { key: string };
}
