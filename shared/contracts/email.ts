/**
 * An e-mail address as browsers accept it in forms (https://html.spec.whatwg.org/#valid-e-mail-address), with at least two
 * labels in its domain: an address without a dot works only within its own network.
 */
export const EMAIL =
  /^[a-zA-Z0-9.!#$%&'*+/=?^_`{|}~-]+@[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)+$/;
