import { COLUMNS, FACTS_PREFIX, PARTITION_KEYS } from '@spillway/shared/lake/table.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';

const LOCATION = `s3://\${self:custom.lakeBucket}/${FACTS_PREFIX}`;
/** `day=${day}/hour=${hour}/`, in which Athena replaces the names. */
const PARTITION = PARTITION_KEYS.map((key) => `${key}=\${${key}}/`).join('');

/**
 * The facts as a table. Firehose converts them to its columns. Athena computes the partitions from their names, so none must
 * be added.
 */
export const factsTable: Stack = {
  Resources: {
    FactsTable: {
      Type: 'AWS::Glue::Table',
      Properties: {
        CatalogId: { Ref: 'AWS::AccountId' },
        DatabaseName: ref('Database'),
        TableInput: {
          Name: 'facts',
          TableType: 'EXTERNAL_TABLE',
          Parameters: {
            classification: 'parquet',
            'projection.enabled': 'true',
            'projection.day.type': 'date',
            'projection.day.format': 'yyyy-MM-dd',
            // from the project's first day
            'projection.day.range': '2026-01-01,NOW',
            'projection.hour.type': 'integer',
            'projection.hour.range': '0,23',
            'projection.hour.digits': '2',
            'storage.location.template': `${LOCATION}${PARTITION}`,
          },
          PartitionKeys: PARTITION_KEYS.map((Name) => ({ Name, Type: 'string' })),
          StorageDescriptor: {
            Location: LOCATION,
            InputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
            OutputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
            SerdeInfo: { SerializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
            Columns: COLUMNS,
          },
        },
      },
    },
  },
};
