import { provided } from '@spillway/shared/packaging/platform.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { streamReader } from '@spillway/shared/packaging/stream-reader.ts';
import { distinctFacts } from './resources/distinct-facts.ts';
import { factsTable } from './resources/facts-table.ts';
import { lake } from './resources/lake.ts';
import { namedQueries } from './resources/named-queries.ts';

const FAILURES_BUCKET = 'spillway-${sls:stage}-lake-failures-${self:custom.accountId}-${aws:region}';

export default service({
  name: 'analytics',
  params: {
    default: {
      // How long the stream's reader waits for a batch to fill. Firehose waits for minutes anyway, and fewer batches cost less
      // where jobs come one by one
      streamWindowSeconds: 30,
    },
    // nobody wants to wait for a demo
    local: { streamWindowSeconds: 1 },
  },
  custom: {
    lakeBucket: 'spillway-${sls:stage}-lake-${self:custom.accountId}-${aws:region}',
    deliveryStream: 'spillway-${sls:stage}-facts',
    archiveBucket: provided('ArchiveBucketName'),
    jobsTableStreamArn: provided('JobsTableStreamArn'),
  },
  resources: [
    lake,
    '${file(resources/delivery.yml)}',
    '${file(resources/athena.yml)}',
    factsTable,
    distinctFacts,
    namedQueries,
    streamReader('analytics', FAILURES_BUCKET),
  ],
});
