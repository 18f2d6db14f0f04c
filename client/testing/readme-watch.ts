import type { Client } from '@spillway/client';

export async function follow({ jobs }: Client, signal: AbortSignal): Promise<void> {
  const columns = [{ name: 'sku', type: 'string', required: true } as const];
  const submitted = await jobs.csvImport.submit({ csv: 'sku\nA-100', columns });
  for await (const { type, data } of jobs.csvImport.watch(submitted)) console.log(type, data.progress);
  // all jobs, until the signal ends it
  for await (const { type, data } of jobs.watch({ signal })) console.log(data.jobType, data.jobId, type);
}
