import type { Asking } from '@spillway/shared/attempt/job-code.ts';
import type { InputOf } from '@spillway/shared/contracts/job-type.ts';
import type documentApproval from '@spillway/shared/contracts/jobs/document-approval.ts';

/** The name of the only question of the workflow. */
export const APPROVAL = 'approval';

/** What the approvers are asked. */
export const questionOf = ({ title, approvers, decideWithinSeconds }: InputOf<typeof documentApproval>): Asking => ({
  question: `Publish "${title}"?`,
  asked: approvers,
  withinSeconds: decideWithinSeconds,
});
