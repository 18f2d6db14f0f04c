/**
 * What the DynamoDB client keeps discovered endpoints in, if somebody turns discovery on: a few, for which a Map does. The cache
 * that forgets what was not used lately costs 2 KB a zip.
 */
export default class Endpoints {
  #byKey = new Map();
  get = (key) => this.#byKey.get(key);
  peek = this.get;
  has = (key) => this.#byKey.has(key);
  set = (key, endpoints) => this.#byKey.set(key, endpoints);
  clear = () => this.#byKey.clear();
}
