/**
 * The domains of AWS's endpoints by the beginning of a region's name, as the SDK has them (partitions.js in @aws-sdk/core).
 * Any other region is in amazonaws.com. The clients of the SDK know them by themselves.
 */
const DOMAINS: Readonly<Record<string, string>> = {
  'cn-': 'amazonaws.com.cn',
  'eusc-': 'amazonaws.eu',
  'us-iso-': 'c2s.ic.gov',
  'us-isob-': 'sc2s.sgov.gov',
  'us-isof-': 'csp.hci.ic.gov',
  'eu-isoe-': 'cloud.adc-e.uk',
};

/** The domain of a region's endpoints, such as `amazonaws.com`. */
export const awsDomain = (region: string): string =>
  Object.entries(DOMAINS).find(([start]) => region.startsWith(start))?.[1] ?? 'amazonaws.com';
