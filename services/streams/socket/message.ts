import { SocketMessage } from '@spillway/shared/contracts/socket.ts';
import type * as z from 'zod/mini';
import { SocketProblem } from './problems.ts';

/** How much of a message's fault is shown. */
const LONGEST_REASON = 200;

/** Reads what a client sent. @throws SocketProblem if it is not a message */
export function readMessage(body: string): SocketMessage {
  const parsed = SocketMessage.safeParse(jsonOf(body));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new SocketProblem('badMessage', { reason: issue ? reasonOf(issue).slice(0, LONGEST_REASON) : '' });
}

/**
 * Checks what a message asks for.
 *
 * @param types the names of all job types
 * @throws SocketProblem if there is no such thing
 */
export function checkMessage(message: SocketMessage, types: ReadonlySet<string>): void {
  const type = message.job?.type ?? message.type;
  if (type !== undefined && !types.has(type)) throw new SocketProblem('unknownType', { type });
  if (message.action === 'subscribe' && typeof message.since === 'number' && !message.job) {
    throw new SocketProblem('revisionOfMany', {});
  }
}

function reasonOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return `there is no field ${issue.keys.join(', ')}`;
  return issue.code === 'custom' ? issue.message : `${issue.path.join('.') || 'it'} must be ${issue.message}`;
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new SocketProblem('notJson', {});
  }
}
