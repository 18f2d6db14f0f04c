import { readCidrs } from '../webhooks/address.ts';
import { PackagingError } from './errors.ts';
import type { Parameters } from './parameters.ts';
import type { Serverless } from './plugin.ts';

/** @throws Error that says what the value must be */
type Check = (value: string) => void;

/** A whole number between two others, which are allowed too. */
const number =
  (least: number, most: number): Check =>
  (value) => {
    if (/^\d+$/.test(value) && Number(value) >= least && Number(value) <= most) return;
    throw new Error(`"${value}" is not a whole number from ${least} to ${most}`);
  };

/** One of a few words. */
const oneOf =
  (...words: string[]): Check =>
  (value) => {
    if (!words.includes(value)) throw new Error(`"${value}" is not ${words.map((word) => `"${word}"`).join(' or ')}`);
  };

/** A share of a whole. */
const share: Check = (value) => {
  if (!/^\d+(\.\d+)?$/.test(value) || Number(value) > 1) throw new Error(`"${value}" is not a number from 0 to 1`);
};

/** `off`, or what another check allows. */
const offOr =
  (check: Check): Check =>
  (value) => {
    if (value !== 'off') check(value);
  };

/**
 * The parameters that a person may set. Functions would fail when they read a wrong one, CloudFormation would notice it in
 * the middle of a deploy, and the framework would only say that it cannot find a variable.
 */
const CHECKS: Readonly<Record<string, Check>> = {
  deletionPolicy: oneOf('Retain', 'Delete'),
  // a reader waits no longer (shared/runtime/stream/delivery.ts)
  deliveryPatienceMs: number(0, 20_000),
  // a job is looked at once a day at least (shared/attempt/looks.ts)
  firstLookSeconds: number(1, 86_400),
  initialStock: number(0, 1_000_000_000),
  inspection: oneOf('on', 'off'),
  kinesis: oneOf('on', 'off'),
  // with 100, an event reaches a thousand connections in ten seconds; 10,000 is what an account may send by default
  pushMessagesPerSecond: number(100, 10_000),
  // with 0, every message of a client would be refused; a function cannot reserve what the account does not have, which the
  // deploy checks (concurrency.ts)
  socketConcurrency: offOr(number(1, 1_000_000)),
  // https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html#lambda-CreateEventSourceMapping-request-MaximumBatchingWindowInSeconds
  streamWindowSeconds: number(0, 300),
  topicLookSeconds: number(1, 3600),
  tracedShare: share,
  webhookAllowedCidrs: readCidrs,
};

/** The values of a service's parameters that are to be checked, once the framework has filled them in. */
export const checkedParameters = (parameters: Parameters): Record<string, string> =>
  Object.fromEntries(
    Object.keys(parameters)
      .filter((name) => name in CHECKS)
      .map((name) => [name, `\${param:${name}}`]),
  );

/** Refuses to package a service with a wrong parameter, and says what its value must be. */
export default class ParameterCheck {
  readonly hooks: Record<string, () => void>;

  constructor({ service }: Serverless) {
    this.hooks = {
      'before:package:initialize': () => {
        for (const [name, value] of Object.entries(service.custom.checkedParameters)) {
          try {
            CHECKS[name]?.(String(value));
          } catch (error) {
            throw new PackagingError(`the parameter ${name} is wrong: ${(error as Error).message}`);
          }
        }
      },
    };
  }
}
