import { randomUUID } from 'node:crypto';
import { submit } from './deployed.ts';

/** An order key that no other test uses. */
export const newKey = () => `key-${randomUUID()}`;

/**
 * @param type a job type of the tests whose input has a `key` and says how its jobs `behave`
 * @returns what submits jobs of one key, one after the other, and returns their ids
 */
export const submitterInOrder =
  (type: string) =>
  async (key: string, ...behaviours: string[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const behave of behaviours) {
      const { status, body } = await submit(type, { key, behave });
      expect(status).toBe(202);
      ids.push(body.jobId);
    }
    return ids;
  };
