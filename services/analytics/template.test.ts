import { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import { packageService } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';
import { describeStreamReader } from '@spillway/shared/testing/stream-reader-template.ts';

const template = packageService('analytics');

describeStreamReader(template, 'firehose:PutRecordBatch');

describe('the lake', () => {
  it('an alarm goes off when facts wait in Firehose for a quarter of an hour', () => {
    expect(template.Resources.LakeLateAlarm?.Properties).toMatchObject({
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: { Ref: 'Facts' } }],
      Threshold: 900,
    });
  });
});

describe('the facts as a table', () => {
  it('the table has a column for each field of a fact, in the same order', () => {
    const { Columns } = template.Resources.FactsTable?.Properties.TableInput.StorageDescriptor ?? {};
    expect(Columns.map(({ Name }: { Name: string }) => Name)).toEqual(Object.keys(JobFact.shape));
  });

  it('the view has the columns of the table and its day, and selects each fact once', () => {
    const table = template.Resources.FactsTable?.Properties.TableInput;
    const { StorageDescriptor, ViewOriginalText } = template.Resources.DistinctFactsView?.Properties.TableInput ?? {};
    const columns = [...table.StorageDescriptor.Columns, { Name: 'day', Type: 'string' }];
    expect(StorageDescriptor.Columns).toEqual(columns);
    const [, [start, { 'Fn::Base64': text }, end]] = ViewOriginalText['Fn::Join'];
    const { originalSql } = JSON.parse(text['Fn::Join'][1].map((part: { Ref?: string }) => part.Ref ?? part).join(''));
    expect([start, end]).toEqual(['/* Presto View: ', ' */']);
    expect(originalSql).toBe(`SELECT DISTINCT ${columns.map(({ Name }) => Name).join(', ')} FROM facts`);
  });

  it("Athena looks for partitions where Firehose puts them, with one dollar before each column's name", () => {
    const { Parameters, StorageDescriptor } = template.Resources.FactsTable?.Properties.TableInput ?? {};
    expect(Parameters['storage.location.template']).toBe(`${StorageDescriptor.Location}day=\${day}/hour=\${hour}/`);
  });
});

describe('the workgroup', () => {
  it('the Athena workgroup can be removed after queries, and stops a query that would read everything', () => {
    expect(template.Resources.Workgroup?.Properties).toMatchObject({
      RecursiveDeleteOption: true,
      WorkGroupConfiguration: { EnforceWorkGroupConfiguration: true, BytesScannedCutoffPerQuery: 10_737_418_240 },
    });
  });
});

describeResources(template);
