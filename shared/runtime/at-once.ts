/** Handles items with at most some of them under way at once. */
export async function atOnce<Item>(items: Iterable<Item>, most: number, handle: (item: Item) => Promise<void>) {
  const left = items[Symbol.iterator]();
  await Promise.all(
    Array.from({ length: most }, async () => {
      for (let next = left.next(); !next.done; next = left.next()) await handle(next.value);
    }),
  );
}
