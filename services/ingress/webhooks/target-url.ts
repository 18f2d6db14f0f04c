import { type Cidr, classifyAddress } from '@spillway/shared/webhooks/address.ts';
import ipaddr from 'ipaddr.js';

/**
 * What is wrong with a webhook's URL, as far as it can be seen without asking DNS. Each delivery checks the addresses that the
 * host has then.
 *
 * @returns a sentence, or undefined
 */
export function urlProblem(text: string, allowedCidrs: readonly Cidr[]): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) return 'use an https URL.';
  if (url.username || url.password) return 'leave out the user and the password, which would be shown to everyone.';
  // URL has made one form of all the ways to write an IPv4 address
  const host = url.hostname.replace(/^\[|\]$/g, '');
  const verdict = ipaddr.isValid(host) ? classifyAddress(host, allowedCidrs) : 'public';
  if (verdict === 'refused') return `${host} is not a public address.`;
  if (verdict === 'public' && url.protocol !== 'https:') return 'use https.';
  return undefined;
}
