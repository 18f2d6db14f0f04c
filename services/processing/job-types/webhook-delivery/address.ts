import ipaddr from 'ipaddr.js';

/** A network in CIDR form that a stage allows although it is not public. */
export type Cidr = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Reads a comma-separated list of CIDRs; empty for none.
 *
 * @throws Error naming the entry that is none
 */
export function readCidrs(list: string): Cidr[] {
  const entries = list.split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
    throw new Error(`WEBHOOK_ALLOWED_CIDRS: "${entry}" is no CIDR, such as 10.1.0.0/16`);
  });
}

/** All that IANA has given out of IPv6; outside of it lies, for one, an IPv4 address in `::/96` (RFC 4291, 2.5.5.1). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Whether a webhook may go to an address: `public`, `allowed` by the stage, or `refused`, which is everything that the IANA
 * registries set apart (private, loopback, link-local with the cloud's metadata, carrier NAT, multicast, NAT64, …).
 */
export function classifyAddress(address: string, allowed: readonly Cidr[]): 'public' | 'allowed' | 'refused' {
  // an IPv4 address inside an IPv6 one is what it is inside
  const ip = ipaddr.process(address);
  if (allowed.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits))) return 'allowed';
  if (ip.kind() === 'ipv6' && !ip.match(GLOBAL_UNICAST)) return 'refused';
  return ip.range() === 'unicast' ? 'public' : 'refused';
}
