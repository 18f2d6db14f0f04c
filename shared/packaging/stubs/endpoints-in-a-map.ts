/**
 * The cache of the DynamoDB client for discovered endpoints, which is used only if somebody turns on endpoint discovery.
 * There are few of them, so a Map is enough. The SDK's LRU cache costs 2 KB per zip.
 */
export default class Endpoints<Key, Endpoint> {
  readonly #byKey = new Map<Key, Endpoint>();
  get = (key: Key) => this.#byKey.get(key);
  peek = this.get;
  has = (key: Key) => this.#byKey.has(key);
  set = (key: Key, endpoint: Endpoint) => this.#byKey.set(key, endpoint);
  clear = () => this.#byKey.clear();
}
