import { COLUMNS } from '@spillway/shared/lake/table.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';

/** With the partition key `day`, so that a query of a few days reads only these. */
const VIEW_COLUMNS = [...COLUMNS, { Name: 'day', Type: 'string' }];
/** The names of Glue's types in Athena's SQL. */
const SQL_TYPES: Record<string, string> = { string: 'varchar' };

/** A view in the form in which Athena keeps its own; the database's name stands between the two parts. */
const [BEFORE, AFTER] = JSON.stringify({
  catalog: 'awsdatacatalog',
  schema: '|',
  originalSql: `SELECT DISTINCT ${VIEW_COLUMNS.map(({ Name }) => Name).join(', ')} FROM facts`,
  columns: VIEW_COLUMNS.map(({ Name, Type }) => ({ name: Name, type: SQL_TYPES[Type] ?? Type })),
}).split('|');

/**
 * The facts without their duplicates: a fact can be delivered twice, at most minutes apart. Only a duplicate that arrives
 * after midnight is left, because `day` is the day of arrival.
 */
export const distinctFacts: Stack = {
  Resources: {
    DistinctFactsView: {
      Type: 'AWS::Glue::Table',
      Properties: {
        CatalogId: { Ref: 'AWS::AccountId' },
        DatabaseName: ref('Database'),
        TableInput: {
          Name: 'distinct_facts',
          TableType: 'VIRTUAL_VIEW',
          Parameters: { presto_view: 'true', comment: 'Presto View' },
          PartitionKeys: [],
          StorageDescriptor: { Columns: VIEW_COLUMNS, Location: '', SerdeInfo: {} },
          ViewOriginalText: join('/* Presto View: ', { 'Fn::Base64': join(BEFORE, ref('Database'), AFTER) }, ' */'),
          ViewExpandedText: '/* Presto View */',
        },
      },
    },
  },
};

function join(...parts: unknown[]) {
  return { 'Fn::Join': ['', parts] };
}
