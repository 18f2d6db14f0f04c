import { sha256 } from '../../attempt/digests.ts';
import type { Message } from '../../attempt/message.ts';
import type { Archive } from '../../attempt/ports.ts';
import type { EndedJob, Fence } from '../../attempt/submission.ts';
import type { JobError, JobIdentity } from '../../contracts/job.ts';
import type { JobType } from '../../contracts/job-type.ts';
import type { Objects } from '../objects.ts';
import { ObjectError } from '../s3-requests.ts';

/** The archive record of a failed or parked job. It has everything needed to send the message again. */
export interface ArchiveRecord {
  kind: 'failed' | 'parked';
  type: string;
  /** The kind of its lane. */
  lane: 'standard' | 'ordered';
  /** Absent if the message belongs to no job. */
  job?: { tenant: string; id: string; acceptedAt: string; traceId: string };
  error?: JobError;
  /** Why it was parked. */
  reason?: string;
  message: Omit<Message, 'sentAt'> & { sentAt: string };
  archivedAt: string;
}

/** A job's path in a bucket. A hash replaces a part that needs escaping, is too long or would lead out of the path. */
export const segments = ({ tenant, type, id }: JobIdentity) => [tenant, type, id].map(plain).join('/');

/** The start of the keys of all that a job leaves in the payload bucket. */
export const resultPrefix = (job: JobIdentity) => `results/${segments(job)}/`;

/** Whether a key is below a folder, however it would be resolved in a URL. @param folder ends with a slash */
export const isBelow = (folder: string, key: string): boolean =>
  key.startsWith(folder) && !key.split('/').some((part) => part === '.' || part === '..');

const plain = (part: string) => (/^(?!\.{1,2}$)[A-Za-z0-9._-]{1,128}$/.test(part) ? part : `sha256-${sha256(part)}`);

const startedKey = (fence: Fence) => `started/${segments(fence)}/${fence.attempt}.json`;

const textOf = ({ sentAt, ...message }: Message) => ({ ...message, sentAt: sentAt.toISOString() });

/**
 * Reads the message of an attempt that went on without its consumer.
 *
 * @throws ObjectError if it is not in the payload bucket
 */
export async function startedMessage(payloads: Pick<Objects, 'get'>, fence: Fence): Promise<Message> {
  const json = await payloads.get(startedKey(fence));
  if (json === undefined) throw new ObjectError(`the message ${startedKey(fence)} is not in the payload bucket`);
  const message: ReturnType<typeof textOf> = JSON.parse(json);
  return { ...message, sentAt: new Date(message.sentAt) };
}

/** The archive in the stage's buckets, see {@link Archive}. Writing the same record twice leaves one object. */
export function s3Archive(
  { name: type, lane }: Pick<JobType, 'name'> & { lane: Pick<JobType['lane'], 'kind'> },
  archive: Pick<Objects, 'put'>,
  payloads: Pick<Objects, 'put'>,
): Archive {
  const write = async (key: string, record: ArchiveRecord) => {
    await archive.put(key, JSON.stringify(record), 'application/json');
    return key;
  };
  const common = (message: Message) => ({
    type,
    lane: lane.kind,
    message: textOf(message),
    archivedAt: new Date().toISOString(),
  });
  return {
    keepFailed: (message: Message, job: EndedJob, error: JobError) =>
      write(`failed/${segments(job)}/${message.messageId}.json`, {
        kind: 'failed',
        ...common(message),
        job: { tenant: job.tenant, id: job.id, acceptedAt: job.acceptedAt.toISOString(), traceId: job.traceId },
        error,
      }),
    keepStarted: (message: Message, fence: Fence) =>
      payloads.put(startedKey(fence), JSON.stringify(textOf(message)), 'application/json'),
    park: (message: Message, reason: string) =>
      write(`parked/${plain(type)}/${message.messageId}.json`, { kind: 'parked', ...common(message), reason }),
    keepBody: async (job, body) => {
      const key = `scheduled/${segments(job)}/${job.bodyDigest}.json`;
      await archive.put(key, body, 'application/json');
      return key;
    },
    keepResult: async (fence: Fence, json: string) => {
      const key = `${resultPrefix(fence)}${fence.attempt}.json`;
      await payloads.put(key, json, 'application/json');
      return key;
    },
  };
}
