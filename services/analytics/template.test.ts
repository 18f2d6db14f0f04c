import { JobFact } from '@spillway/shared/contracts/job-fact.ts';
import { QUERY_NAMES } from '@spillway/shared/lake/queries.ts';
import { ERRORS_PREFIX, FACTS_PREFIX } from '@spillway/shared/lake/table.ts';
import { packageService } from '@spillway/shared/testing/package-service.ts';
import { describeResources } from '@spillway/shared/testing/resources-template.ts';
import { describeStreamReader } from '@spillway/shared/testing/stream-reader-template.ts';

const template = packageService('analytics');

describeStreamReader(template, ['firehose:PutRecordBatch'], 30);

const delivery = template.Resources.Facts?.Properties.ExtendedS3DestinationConfiguration;

describe('the lake', () => {
  it('does not keep the parts of objects that were never finished', () => {
    const { Rules } = template.Resources.LakeBucket?.Properties.LifecycleConfiguration ?? {};
    expect(Rules).toContainEqual({
      Id: 'unfinished',
      Status: 'Enabled',
      AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
    });
  });

  it('an alarm goes off when facts wait in Firehose for a quarter of an hour', () => {
    expect(template.Resources.LakeLateAlarm?.Properties).toMatchObject({
      Namespace: 'AWS/Firehose',
      MetricName: 'DeliveryToS3.DataFreshness',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: { Ref: 'Facts' } }],
      Threshold: 900,
    });
  });

  it('an alarm goes off when Firehose could not convert a record, whose facts only a person sends again', () => {
    expect(template.Resources.NotConvertedAlarm?.Properties).toMatchObject({
      Namespace: 'AWS/Firehose',
      MetricName: 'FailedConversion.Records',
      Dimensions: [{ Name: 'DeliveryStreamName', Value: { Ref: 'Facts' } }],
      Threshold: 0,
    });
  });
});

describe('the facts as a table', () => {
  const { Parameters, PartitionKeys, StorageDescriptor } = template.Resources.FactsTable?.Properties.TableInput ?? {};

  it('the table has a column for each field of a fact, in the same order, with numbers as numbers', () => {
    const columns: { Name: string; Type: string }[] = StorageDescriptor.Columns;
    expect(columns.map(({ Name }) => Name)).toEqual(Object.keys(JobFact.shape));
    const numbers = columns.filter(({ Type }) => Type !== 'string');
    expect(numbers.map(({ Name }) => Name)).toEqual(['revision', 'attempt', 'latency_ms']);
    expect(new Set(numbers.map(({ Type }) => Type))).toEqual(new Set(['bigint']));
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
    expect(StorageDescriptor.Location).toBe(`s3://spillway-solo-lake-000000000000-eu-west-1/${FACTS_PREFIX}`);
    expect(Parameters['storage.location.template']).toBe(`${StorageDescriptor.Location}day=\${day}/hour=\${hour}/`);
    expect(delivery.Prefix).toBe(`${FACTS_PREFIX}day=!{timestamp:yyyy-MM-dd}/hour=!{timestamp:HH}/`);
  });

  it('projects a partition for each hour of each day, which needs a setting for each partition key', () => {
    expect(PartitionKeys.map(({ Name }: { Name: string }) => Name)).toEqual(['day', 'hour']);
    expect(Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.day.type': 'date',
      'projection.day.range': '2026-01-01,NOW',
      'projection.hour.type': 'integer',
      'projection.hour.range': '0,23',
      'projection.hour.digits': '2',
    });
  });
});

describe('the delivery to the lake', () => {
  it('Firehose converts facts to Parquet by the columns of the table, as its newest version has them', () => {
    expect(delivery.DataFormatConversionConfiguration).toMatchObject({
      Enabled: true,
      InputFormatConfiguration: { Deserializer: { OpenXJsonSerDe: {} } },
      OutputFormatConfiguration: { Serializer: { ParquetSerDe: { Compression: 'SNAPPY' } } },
      SchemaConfiguration: { DatabaseName: { Ref: 'Database' }, TableName: { Ref: 'FactsTable' }, VersionId: 'LATEST' },
    });
    expect(template.Resources.FactsTable?.Properties.TableInput.Parameters.classification).toBe('parquet');
  });

  it('leaves compression to Parquet and buffers 64 MB, because format conversion refuses anything else', () => {
    expect(delivery).toMatchObject({
      CompressionFormat: 'UNCOMPRESSED',
      BufferingHints: { IntervalInSeconds: 300, SizeInMBs: 64 },
    });
  });

  it('puts facts that could not be converted or delivered under the error prefix, with the reason in their key', () => {
    expect(delivery.ErrorOutputPrefix).toMatch(new RegExp(`^${ERRORS_PREFIX}!{firehose:error-output-type}/`));
  });
});

describe('the named queries', () => {
  it('has each question of spillway report, about the last week, over its partitions and that of the day before', () => {
    const queries = Object.values(template.Resources).filter(({ Type }) => Type === 'AWS::Athena::NamedQuery');
    expect(queries.map(({ Properties }) => Properties.Name)).toEqual(QUERY_NAMES.map((name) => `spillway-${name}`));
    for (const { Properties } of queries) {
      expect(Properties).toMatchObject({ Database: { Ref: 'Database' }, WorkGroup: { Ref: 'Workgroup' } });
      expect(Properties.QueryString).toContain("event_time >= substr(CAST(current_date - INTERVAL '7' DAY");
      expect(Properties.QueryString).toContain("FROM facts WHERE day >= substr(CAST(current_date - INTERVAL '8' DAY");
    }
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
