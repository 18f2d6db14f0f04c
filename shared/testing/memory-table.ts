import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  QueryCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { marshall, unmarshall } from '@aws-sdk/util-dynamodb';
import { holds, type Item, type Placeholders, updated } from './expressions.ts';

const OPTIONS = { removeUndefinedValues: true };
/** What DynamoDB makes of a value. */
const stored = (item: Item): Item => unmarshall(marshall(item, OPTIONS));

interface Expressions {
  ExpressionAttributeNames?: Record<string, string> | undefined;
  ExpressionAttributeValues?: Record<string, unknown> | undefined;
}

/** The placeholders of a command. @throws Error as DynamoDB's ValidationException, if one of them is not used */
function placeholders(
  { ExpressionAttributeNames: names = {}, ExpressionAttributeValues: values = {} }: Expressions,
  ...expressions: (string | undefined)[]
): Placeholders {
  const used = new Set(expressions.join(' ').match(/[#:]\w+/g));
  const unused = [...Object.keys(names), ...Object.keys(values)].find((name) => !used.has(name));
  if (unused) throw new Error(`the placeholder ${unused} is given and not used`);
  return { names, values: stored(values) };
}

/**
 * A table that takes the commands of the job store and does what DynamoDB does, in memory. The e2e test of the jobs table
 * compares it with the engine.
 *
 * @param wrote is called after each write
 */
export function memoryTable(wrote: (before: Item | undefined, after: Item) => void = () => {}) {
  const rows = new Map<string, Item>();

  function update({ input }: UpdateCommand) {
    const { UpdateExpression = '', ConditionExpression } = input;
    const given = placeholders(input, UpdateExpression, ConditionExpression);
    const { pk } = input.Key as { pk: string };
    const before = rows.get(pk);
    if (ConditionExpression && !holds(ConditionExpression, before ?? {}, given)) {
      throw new ConditionalCheckFailedException({
        message: 'The conditional request failed',
        $metadata: {},
        ...(before && { Item: marshall(before) }),
      });
    }
    const after = updated(UpdateExpression, before ?? { pk }, given);
    rows.set(pk, after);
    wrote(before, after);
    return { Attributes: structuredClone(after) };
  }

  function query({ input }: QueryCommand) {
    const given = placeholders(input, input.KeyConditionExpression);
    const [, range = ''] = / AND (\w+) BETWEEN /.exec(input.KeyConditionExpression ?? '') ?? [];
    const positionOf = (item: Item) => String(item[range]);
    const found = [...rows.values()]
      .filter((item) => item[range] !== undefined && holds(input.KeyConditionExpression ?? '', item, given))
      .sort((a, b) => (positionOf(a) < positionOf(b) ? -1 : 1));
    if (!input.ScanIndexForward) found.reverse();
    const Items = found.slice(0, input.Limit);
    return { Items: structuredClone(Items), ...(Items.length < found.length && { LastEvaluatedKey: Items.at(-1) }) };
  }

  const read = (pk: unknown) => structuredClone(rows.get(String(pk)));

  const client = {
    async send(command: object): Promise<object> {
      if (command instanceof UpdateCommand) return update(command);
      if (command instanceof GetCommand) return { Item: read(command.input.Key?.pk) };
      if (command instanceof QueryCommand) return query(command);
      if (command instanceof BatchGetCommand) {
        const asked = Object.entries(command.input.RequestItems ?? {});
        const Responses = Object.fromEntries(
          asked.map(([table, { Keys = [] }]) => [table, Keys.flatMap(({ pk }) => read(pk) ?? [])]),
        );
        return { Responses };
      }
      throw new Error(`the table in memory does not know ${command.constructor.name}`);
    },
  } as unknown as DynamoDBDocumentClient;

  return { client, rows };
}
