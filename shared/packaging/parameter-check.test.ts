import ParameterCheck, { checkedParameters } from './parameter-check.ts';
import type { Serverless } from './plugin.ts';

const packaging = (parameters: Record<string, string | number>) => {
  const serverless = { service: { custom: { checkedParameters: parameters } } } as unknown as Serverless;
  return new ParameterCheck(serverless).hooks['before:package:initialize'];
};

describe('the parameters of a stage', () => {
  it('are accepted up to their limits, as numbers of the configuration and as texts of the command line', () => {
    const parameters = {
      pushMessagesPerSecond: 10_000,
      initialStock: '0',
      inspection: 'on',
      socketConcurrency: 'off',
      streamWindowSeconds: 300,
      tracedShare: '1',
      webhookAllowedCidrs: '10.0.0.0/8, fd00::/8',
    };
    expect(packaging(parameters)).not.toThrow();
  });

  it.each([
    ['pushMessagesPerSecond', '0', '"0" is not a whole number from 100 to 10000'],
    ['pushMessagesPerSecond', '10001', 'from 100 to 10000'],
    ['topicLookSeconds', 'often', '"often" is not a whole number from 1 to 3600'],
    ['deliveryPatienceMs', '1e3', '"1e3" is not a whole number'],
    ['firstLookSeconds', '', '"" is not a whole number'],
    ['deletionPolicy', 'Keep', '"Keep" is not "Retain" or "Delete"'],
    ['inspection', 'yes', '"yes" is not "on" or "off"'],
    ['kinesis', 'true', '"true" is not "on" or "off"'],
    ['socketConcurrency', '0', '"0" is not a whole number from 1'],
    ['streamWindowSeconds', '301', 'from 0 to 300'],
    ['tracedShare', '1.5', '"1.5" is not a number from 0 to 1'],
    ['tracedShare', '5%', '"5%" is not a number from 0 to 1'],
    ['initialStock', '-1', '"-1" is not a whole number'],
    ['webhookAllowedCidrs', '10.1.0.0', '"10.1.0.0" is not a network in CIDR form: write it like 10.1.0.0/16'],
  ])('a service with the %s "%s" is not packaged, and the message says what it must be', (name, value, problem) => {
    expect(packaging({ [name]: value })).toThrow(`the parameter ${name} is wrong: `);
    expect(packaging({ [name]: value })).toThrow(problem);
  });

  it('only those are filled in that a service has and that are checked', () => {
    expect(checkedParameters({ initialStock: 0, partition: 'aws' })).toEqual({
      initialStock: '${param:initialStock}',
    });
  });
});
