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

/** The parameters that only functions read: neither the framework nor CloudFormation would notice a wrong one. */
const CHECKS: Readonly<Record<string, Check>> = {
  // a reader waits no longer (shared/runtime/stream/delivery.ts)
  deliveryPatienceMs: number(0, 20_000),
  // a job is looked at once a day at least (shared/attempt/looks.ts)
  firstLookSeconds: number(1, 86_400),
  initialStock: number(0, 1_000_000_000),
  // with 100, an event reaches a thousand connections in ten seconds; 10,000 is what an account may send by default
  pushMessagesPerSecond: number(100, 10_000),
  topicLookSeconds: number(1, 3600),
  webhookAllowedCidrs: readCidrs,
};

/** The values of a service's parameters that are to be checked, once the framework has filled them in. */
export const checkedParameters = (parameters: Parameters): Record<string, string> =>
  Object.fromEntries(
    Object.keys(parameters)
      .filter((name) => name in CHECKS)
      .map((name) => [name, `\${param:${name}}`]),
  );

/** Refuses to package a service with a parameter that its functions could not read: they would fail when they start. */
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
