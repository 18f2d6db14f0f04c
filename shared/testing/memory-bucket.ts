/** A bucket in memory. */
export function memoryBucket() {
  const objects = new Map<string, string>();
  return {
    objects,
    put: async (key: string, body: string) => void objects.set(key, body),
    get: async (key: string) => objects.get(key),
  };
}
