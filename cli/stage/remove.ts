import { DynamoDBClient, paginateListTables } from '@aws-sdk/client-dynamodb';
import { listServices, removalOrder } from '@spillway/shared/packaging/services.ts';
import type { Leftover } from './kind.ts';
import { API_KEYS, KINDS } from './leftovers.ts';
import { namesOf, type StageNames, stagesIn } from './names.ts';
import { listStacks, removeStack } from './stacks.ts';

/** Everything that a stage has, by kind. */
export interface Inventory {
  /** In the order of their removal. */
  stacks: string[];
  leftovers: { title: string; found: Leftover[] }[];
}

/** Finds everything that a stage has or left behind, with the AWS credentials and region of this process. */
export async function takeInventory(stage: string): Promise<Inventory> {
  const existing = await listStacks();
  const names = namesOf(stage, stagesIn(listServices(), existing, await listTables()));
  const stacks = removalOrder()
    .map((service) => `${service}-${stage}`)
    .filter((stack) => existing.includes(stack));
  return { stacks, leftovers: await findLeftovers(names) };
}

const findLeftovers = async (names: StageNames) => {
  const kinds = await Promise.all(
    KINDS.map(async ({ title, find }) => ({ title, found: await find(names, listServices()) })),
  );
  return kinds.filter(({ found }) => found.length > 0);
};

async function listTables(): Promise<string[]> {
  const names: string[] = [];
  for await (const { TableNames = [] } of paginateListTables({ client: new DynamoDBClient() }, {})) {
    names.push(...TableNames);
  }
  return names;
}

export const isEmpty = ({ stacks, leftovers }: Inventory) => stacks.length === 0 && leftovers.length === 0;

/** How the services of AWS call what is not there. A queue, for example, is listed for a minute after it was deleted. */
const GONE = /NotFound|NotExist|NonExistent|NoSuch/;

/**
 * Removes everything that a stage has: its tenants' keys, its stacks, and then what these leave behind. Safe to repeat.
 *
 * @param report sees each thing that was removed or could not be
 * @returns whether nothing is left
 */
export async function removeStage(stage: string, report: (line: string) => void): Promise<boolean> {
  let complete = true;
  const attempt = async (what: string, remove: () => Promise<unknown>) => {
    try {
      await remove();
      report(`removed ${what}`);
    } catch (error) {
      const { name, message } = error as Error;
      if (GONE.test(name)) return;
      complete = false;
      report(`could not remove ${what}: ${message}`);
    }
  };
  const removeAll = async (title: string, found: Leftover[]) => {
    for (const { name, remove } of found) await attempt(`${title}: ${name}`, remove);
  };

  const { stacks, leftovers } = await takeInventory(stage);
  // CloudFormation cannot delete a usage plan with keys
  for (const { title, found } of leftovers) if (title === API_KEYS) await removeAll(title, found);
  for (const stack of stacks) await attempt(`stack ${stack}`, () => removeStack(stack));
  // by now, what the stacks deleted is gone
  for (const { title, found } of (await takeInventory(stage)).leftovers) await removeAll(title, found);
  return complete;
}
