/** A check cannot say anything on this stage. The message is the reason. */
export class CannotSay extends Error {
  override readonly name = 'CannotSay';
}
