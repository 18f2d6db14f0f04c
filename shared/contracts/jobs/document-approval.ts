import * as z from 'zod/mini';
import { EMAIL } from '../email.ts';
import { defineJobType } from '../job-type.ts';

const DAY_SECONDS = 24 * 60 * 60;

const Input = z.strictObject({
  title: z.string().check(z.minLength(1), z.maxLength(200)),
  /** Plain text. Blank lines separate paragraphs. */
  text: z.string().check(z.minLength(1), z.maxLength(100_000)),
  /** The people to ask; the event `job.waiting` names them to whatever sends the emails. */
  approvers: z
    .array(z.string().check(z.regex(EMAIL, { error: 'not an e-mail address' }), z.maxLength(254)))
    .check(z.minLength(1), z.maxLength(20)),
  /** How long the decision may take. Halfway through, the approvers are reminded. */
  decideWithinSeconds: z._default(z.int().check(z.gte(10), z.lte(14 * DAY_SECONDS)), 3 * DAY_SECONDS),
});

const Result = z.strictObject({
  /** Whether the document was published. */
  approved: z.boolean(),
  decidedAt: z.iso.datetime(),
  comment: z.optional(z.string()),
});

export default defineJobType({
  name: 'document-approval',
  service: 'processing',
  summary: 'Publishes a document when a person has approved it.',
  description:
    'The job waits for a decision (POST its path with /decision behind it), and expires if there is none within decideWithinSeconds. Whoever has a token of the tenant with the scope jobs/decide can decide.',
  run: 'durable',
  awaitsDecision: true,
  input: Input,
  result: Result,
  example: {
    input: {
      title: 'Travel policy',
      text: 'Book by train where a train goes.\n\nAsk before you fly.',
      approvers: ['ada@example.com'],
      decideWithinSeconds: 3 * DAY_SECONDS,
    },
    result: { approved: true, decidedAt: '2026-11-27T09:30:00.000Z', comment: 'Good to go.' },
  },
  // a day more than the longest decision, for the steps around it and a retry of each
  timeoutSeconds: 15 * DAY_SECONDS,
  // whoever sends the emails to the approvers needs job.waiting and job.reminded
  events: 'all',
});
