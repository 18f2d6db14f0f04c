import { loadJobTypes } from '@spillway/shared/packaging/job-types.ts';
import { provided } from '@spillway/shared/packaging/platform.ts';
import { service } from '@spillway/shared/packaging/service.ts';
import { streamReader } from '@spillway/shared/packaging/stream-reader.ts';
import { inspection } from './resources/inspection.ts';

const FAILURES_BUCKET = 'spillway-${sls:stage}-bus-failures-${self:custom.accountId}-${aws:region}';

export default service({
  name: 'streams',
  params: {
    default: { inspection: 'off' },
    local: { inspection: 'on' },
  },
  custom: {
    // every event in a queue, for tests and people: twice the price of an event
    inspections: { on: inspection, off: {} },
    bus: 'spillway-${sls:stage}',
    publishedInFull: loadJobTypes()
      .filter(({ events }) => events === 'all')
      .map(({ name }) => name)
      .join(','),
    archiveBucket: provided('ArchiveBucketName'),
    jobsTableStreamArn: provided('JobsTableStreamArn'),
  },
  resources: [
    '${file(resources/bus.yml)}',
    '${self:custom.inspections.${param:inspection}}',
    streamReader('streams', FAILURES_BUCKET),
  ],
});
