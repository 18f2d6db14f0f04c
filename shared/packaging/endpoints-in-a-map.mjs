/**
 * The cache of the DynamoDB client for discovered endpoints, which is used only if somebody turns on endpoint discovery.
 * There are few of them, so a Map is enough. The SDK's LRU cache costs 2 KB per zip.
 */
export default class Endpoints {
  #byKey = new Map();
  get = (key) => this.#byKey.get(key);
  peek = this.get;
  has = (key) => this.#byKey.has(key);
  set = (key, endpoints) => this.#byKey.set(key, endpoints);
  clear = () => this.#byKey.clear();
}
