/** A row as DynamoDB has it. */
export type Item = Record<string, unknown>;

/** The names and values that an expression may use. */
export interface Placeholders {
  names: Readonly<Record<string, string>>;
  values: Readonly<Record<string, unknown>>;
}

type Compare = (a: never, b: never) => boolean;
const COMPARISONS: Record<string, Compare> = {
  '=': (a, b) => a === b,
  '<>': (a, b) => a !== b,
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
};

/** Reads the part of DynamoDB's expressions that the job store uses. Its texts are ASCII, so they compare as DynamoDB's bytes. */
function reader(text: string, item: Item, { names, values }: Placeholders) {
  const tokens = text.match(/[#:]?[A-Za-z_]\w*|<>|<=|>=|[=<>(),.+]/g) ?? [];
  let at = 0;
  const peek = () => tokens[at];
  const next = () => tokens[at++] ?? '';
  const take = (token: string) => {
    if (next() !== token) throw new Error(`"${text}" has no "${token}" where one is expected`);
  };
  const skip = (token: string) => peek() === token && Boolean(next());

  const nameOf = (token: string) => (token.startsWith('#') ? known(names, token) : token);
  function path(): string[] {
    const parts = [nameOf(next())];
    while (skip('.')) parts.push(nameOf(next()));
    return parts;
  }

  function operand(): unknown {
    const token = peek() ?? '';
    if (token.startsWith(':')) return known(values, next());
    if (token === 'if_not_exists' || token === 'list_append') return call(next());
    return valueAt(item, path());
  }

  function call(name: string): unknown {
    take('(');
    const first = operand();
    take(',');
    const second = operand();
    take(')');
    return name === 'if_not_exists' ? (first ?? second) : [...(first as unknown[]), ...(second as unknown[])];
  }

  function sum(): unknown {
    let value = operand();
    while (skip('+')) value = (value as number) + (operand() as number);
    return value;
  }

  function exists(): boolean {
    next();
    take('(');
    const value = valueAt(item, path());
    take(')');
    return value !== undefined;
  }

  function comparison(): boolean {
    const left = operand();
    const operator = next();
    if (operator === 'BETWEEN') {
      const low = operand();
      take('AND');
      const high = operand();
      return (left as string) >= (low as string) && (left as string) <= (high as string);
    }
    if (operator === 'IN') return list().includes(left);
    const right = operand();
    const compare = COMPARISONS[operator];
    if (!compare) throw new Error(`"${text}" has the unknown operator "${operator}"`);
    // what is not there differs from everything, and is neither less nor more
    if (typeof left !== typeof right) return operator === '<>';
    return compare(left as never, right as never);
  }

  function list(): unknown[] {
    take('(');
    const found = [operand()];
    while (skip(',')) found.push(operand());
    take(')');
    return found;
  }

  function single(): boolean {
    if (skip('(')) {
      const value = any();
      take(')');
      return value;
    }
    if (peek() === 'attribute_exists') return exists();
    if (peek() === 'attribute_not_exists') return !exists();
    return comparison();
  }

  function all(): boolean {
    let value = single();
    while (skip('AND')) value = single() && value;
    return value;
  }

  function any(): boolean {
    let value = all();
    while (skip('OR')) value = all() || value;
    return value;
  }

  return { any, sum, path, skip, take, atEnd: () => at === tokens.length };
}

/** Whether a condition holds for a row; the row is empty if there is none. */
export function holds(condition: string, item: Item, placeholders: Placeholders): boolean {
  const read = reader(condition, item, placeholders);
  const value = read.any();
  if (!read.atEnd()) throw new Error(`"${condition}" has more than a condition`);
  return value;
}

/** A row after an update. All operands are read from the row before it. */
export function updated(update: string, item: Item, placeholders: Placeholders): Item {
  const after = structuredClone(item);
  const read = reader(update, item, placeholders);
  if (read.skip('SET')) {
    do {
      const path = read.path();
      read.take('=');
      place(after, path, read.sum());
    } while (read.skip(','));
  }
  if (read.skip('REMOVE')) {
    do place(after, read.path(), undefined);
    while (read.skip(','));
  }
  if (!read.atEnd()) throw new Error(`"${update}" has more than SET and REMOVE`);
  return after;
}

/** @throws Error as DynamoDB's ValidationException, if an expression uses a placeholder that is not given */
function known<Value>(given: Readonly<Record<string, Value>>, name: string): Value {
  if (!(name in given)) throw new Error(`the placeholder ${name} is used and not given`);
  return given[name] as Value;
}

const valueAt = (item: Item, path: readonly string[]): unknown =>
  path.reduce<unknown>((value, name) => (value as Item | undefined)?.[name], item);

/** @throws Error as DynamoDB's ValidationException, if what is to hold the value is not there */
function place(item: Item, path: readonly string[], value: unknown): void {
  const [last = '', ...outer] = path.toReversed();
  const holder = valueAt(item, outer.toReversed()) as Item | undefined;
  if (!holder) throw new Error(`there is no ${outer.join('.')} to write ${last} into`);
  if (value === undefined) delete holder[last];
  else holder[last] = value;
}
