import { LAST_WEEK, QUERIES, QUERY_NAMES, sqlOf } from '@spillway/shared/lake/queries.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';

/** The questions that `spillway report` asks, about the last seven days, for Athena's editor. */
export const namedQueries: Stack = {
  Resources: Object.fromEntries(
    QUERY_NAMES.map((name) => [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}Query`,
      {
        Type: 'AWS::Athena::NamedQuery',
        Properties: {
          Name: `spillway-${name}`,
          Description: QUERIES[name].title,
          Database: ref('Database'),
          WorkGroup: ref('Workgroup'),
          QueryString: sqlOf(name, LAST_WEEK),
        },
      },
    ]),
  ),
};
