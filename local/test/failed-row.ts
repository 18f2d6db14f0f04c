/** The first write of the row of a job that failed, in no index, for tests that write it themselves. */
export function failedRow(
  { tenant, jobId, traceId }: { tenant: string; jobId: string; traceId: string },
  error: { code: string; message: string },
) {
  const at = new Date().toISOString();
  return {
    pk: `${tenant}#csv-import#${jobId}`,
    tenant,
    type: 'csv-import',
    jobId,
    status: 'FAILED',
    attempt: 1,
    revision: 1,
    acceptedAt: at,
    settledAt: at,
    history: [{ status: 'FAILED', at }],
    traceId,
    error,
  };
}
