import type { StageNames } from './names.ts';

/** Something that a stage has, or that outlived its stacks. */
export interface Leftover {
  name: string;
  /** What would be lost with it. */
  content?: string;
  remove(): Promise<unknown>;
}

/** One kind of what a stage has. */
export interface Kind {
  /** As a person says it, in the plural. */
  title: string;
  find(names: StageNames, services: readonly string[]): Promise<Leftover[]>;
}

/** Collects what each page of a listing has of the stage. */
export async function collect<Page, Found>(
  pages: AsyncIterable<Page>,
  pick: (page: Page) => Found[],
): Promise<Found[]> {
  const found: Found[] = [];
  for await (const page of pages) found.push(...pick(page));
  return found;
}
