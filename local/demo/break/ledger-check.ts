import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import type { JobSummary } from '@spillway/shared/contracts/job.ts';

/** A posting, as far as it is checked. */
export interface Posting {
  jobId: string;
  account: string;
  postedAt: string;
  lines: readonly { account: string; amount: number }[];
}

/** A tenant's part of the ledger. */
export interface Ledger {
  postings: readonly Posting[];
  balances: Readonly<Record<string, number>>;
}

export async function readLedger(TableName: string, tenant: string): Promise<Ledger> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
  const postings: Posting[] = [];
  const balances: Record<string, number> = {};
  for await (const { Items = [] } of paginateScan({ client }, { TableName, ConsistentRead: true })) {
    for (const item of Items.filter((each) => each.tenant === tenant)) {
      if ('balance' in item) balances[item.account] = item.balance;
      else postings.push(item as Posting);
    }
  }
  return { postings, balances };
}

/**
 * Says what is wrong with a ledger after the jobs that posted to it have settled: each of them posted once, no other job
 * did, the balances are the sums of the postings, and the jobs of an account posted and settled in their order.
 */
export function auditLedger({ postings, balances }: Ledger, jobs: readonly JobSummary[]): string[] {
  const problems: string[] = [];
  const byId = new Map(jobs.map((job) => [job.jobId, job]));
  const posted = new Set<string>();
  for (const { jobId } of postings) {
    if (posted.has(jobId)) problems.push(`${jobId} posted twice`);
    if (!byId.has(jobId)) problems.push(`${jobId} posted, but there is no such job`);
    posted.add(jobId);
  }
  for (const { jobId, status } of jobs) {
    if (status === 'SUCCEEDED' && !posted.has(jobId)) problems.push(`${jobId} succeeded, but did not post`);
  }
  return [...problems, ...auditBalances(postings, balances), ...auditOrder(postings, byId)];
}

function auditBalances(postings: readonly Posting[], balances: Ledger['balances']): string[] {
  const sums: Record<string, number> = {};
  for (const { account, amount } of postings.flatMap(({ lines }) => lines))
    sums[account] = (sums[account] ?? 0) + amount;
  const accounts = [...new Set([...Object.keys(sums), ...Object.keys(balances)])];
  return accounts
    .filter((account) => sums[account] !== balances[account])
    .map((account) => `the balance of ${account} is ${balances[account]}, not ${sums[account]}`);
}

function auditOrder(postings: readonly Posting[], jobs: ReadonlyMap<string, JobSummary>): string[] {
  const timed = postings.flatMap(({ account, jobId, postedAt }) => {
    const { acceptedAt, settledAt = '' } = jobs.get(jobId) ?? {};
    return acceptedAt ? [{ account, jobId, postedAt, acceptedAt, settledAt }] : [];
  });
  timed.sort((a, b) => a.account.localeCompare(b.account) || a.acceptedAt.localeCompare(b.acceptedAt));
  return timed.flatMap((job, index) => {
    const before = timed[index - 1];
    // two jobs of the same millisecond may have been accepted in any order
    if (before?.account !== job.account || before.acceptedAt === job.acceptedAt) return [];
    const inOrder = before.postedAt <= job.postedAt && before.settledAt <= job.settledAt;
    return inOrder ? [] : [`${job.jobId} overtook ${before.jobId} on ${job.account}`];
  });
}
