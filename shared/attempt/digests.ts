import { createHash } from 'node:crypto';
import type { JobIdentity } from '../contracts/job.ts';

/** SHA-256 in hex (64 digits). */
export const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** The same in every attempt at a job, different for each job and step (64 hex digits). */
export const idempotencyKey = ({ tenant, type, id }: JobIdentity, step: string) =>
  sha256(JSON.stringify([tenant, type, id, step]));
