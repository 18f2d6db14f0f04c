import { LAST_WEEK, QUERIES, QUERY_NAMES, sqlOf } from '@spillway/shared/lake/queries.ts';
import { ref, type Stack } from '@spillway/shared/packaging/cloudformation.ts';
import { pascalCase } from '@spillway/shared/packaging/job-types.ts';

/** The questions that `spillway report` asks, about the last seven days, for Athena's editor. */
export const namedQueries: Stack = {
  Resources: Object.fromEntries(
    QUERY_NAMES.map((name) => [
      `${pascalCase(name)}Query`,
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
