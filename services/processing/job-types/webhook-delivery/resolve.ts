import type { LookupAddress } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';

/** Name servers answer within a second, or have lost the packet; so a look-up of two servers takes a few seconds. */
const TRY_MS = 1000;
const TRIES = 2;

/** The addresses of `localhost` and of the names below it, which no name server is asked for (RFC 6761, 6.3). */
const LOCALHOST = /(^|\.)localhost$/;
const LOOPBACK: LookupAddress[] = [
  { address: '127.0.0.1', family: 4 },
  { address: '::1', family: 6 },
];

/** Both families are asked, and one is enough. That a host has none of a family says less than any other error. */
const NONE_OF_FAMILY = 'ENODATA';

/**
 * Makes a function that finds all addresses of a host name, the IPv4 addresses first, since a Lambda function outside a VPC
 * reaches no others. An IP address is returned as it is.
 *
 * It asks the name servers without dns.lookup, which has no timeout and occupies one of the four threads that all look-ups of a
 * process share (https://nodejs.org/api/dns.html#implementation-considerations): a few dead name servers would hold up the
 * deliveries to all other hosts. So of the names in /etc/hosts it finds only localhost.
 *
 * @param servers the name servers, as `address:port`; by default those of the system
 */
export const hostResolver =
  (servers?: readonly string[]) =>
  /** @throws Error with the code of c-ares, such as ENOTFOUND or ETIMEOUT; ECANCELLED once the signal is aborted */
  async (host: string, signal: AbortSignal): Promise<LookupAddress[]> => {
    if (isIP(host)) return [{ address: host, family: isIP(host) }];
    if (LOCALHOST.test(host)) return LOOPBACK;
    const resolver = new Resolver({ timeout: TRY_MS, tries: TRIES });
    if (servers) resolver.setServers(servers);
    const cancel = () => resolver.cancel();
    signal.addEventListener('abort', cancel);
    try {
      const answers = await Promise.allSettled([resolver.resolve4(host), resolver.resolve6(host)]);
      const found = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
      if (found.length > 0) return found.map((address) => ({ address, family: isIP(address) }));
      const errors = answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason] : []));
      throw errors.find(({ code }) => code !== NONE_OF_FAMILY) ?? errors[0];
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  };
