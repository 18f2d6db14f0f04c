import ipaddr from 'ipaddr.js';

/** A private network, in CIDR form, that a stage allows. */
export type Cidr = [ipaddr.IPv4 | ipaddr.IPv6, number];

/**
 * Reads a comma-separated list of CIDRs. An empty text is an empty list.
 *
 * @throws Error naming the entry that is not a CIDR
 */
export function readCidrs(list: string): Cidr[] {
  const entries = list.split(',').map((entry) => entry.trim());
  return entries.filter(Boolean).map((entry) => {
    if (ipaddr.isValidCIDR(entry)) return ipaddr.parseCIDR(entry);
    throw new Error(`"${entry}" is not a network in CIDR form: write it like 10.1.0.0/16`);
  });
}

/** All IPv6 addresses that IANA has allocated. Outside are, for example, IPv4 addresses in `::/96` (RFC 4291, 2.5.5.1). */
const GLOBAL_UNICAST = ipaddr.parseCIDR('2000::/3');

/**
 * Decides whether a webhook may go to an address: it is `public`, `allowed` by the stage, or `refused`. Refused are all
 * special-purpose addresses of the IANA registries (private, loopback, link-local with the cloud's metadata service, carrier
 * NAT, multicast, NAT64, …).
 */
export function classifyAddress(address: string, allowed: readonly Cidr[]): 'public' | 'allowed' | 'refused' {
  // an IPv4 address that is embedded in an IPv6 address is treated as the IPv4 address
  const ip = ipaddr.process(address);
  if (allowed.some(([network, bits]) => network.kind() === ip.kind() && ip.match(network, bits))) return 'allowed';
  if (ip.kind() === 'ipv6' && !ip.match(GLOBAL_UNICAST)) return 'refused';
  return ip.range() === 'unicast' ? 'public' : 'refused';
}
