import fc from 'fast-check';
import { classifyAddress, readCidrs } from './address.ts';

describe('classifyAddress', () => {
  it.each(['93.184.215.14', '2606:2800:21f:cb07:6820:80da:af6b:8b2c', '::ffff:8.8.8.8'])(
    'classifies %s as public',
    (address) => {
      expect(classifyAddress(address, [])).toBe('public');
    },
  );

  it.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '169.254.169.254',
    '100.64.0.1',
    '224.0.0.1',
    '255.255.255.255',
    '::1',
    '::',
    'fe80::1',
    'fc00::1',
    'fd00:ec2::254',
    'ff02::1',
    '::ffff:127.0.0.1',
    '::ffff:a9fe:a9fe',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '::127.0.0.1',
    '::a9fe:a9fe',
    '100:0:0:1::1',
    '4000::1',
  ])('refuses the address %s', (address) => {
    expect(classifyAddress(address, [])).toBe('refused');
  });

  it('allows private addresses only in the networks that the stage allows', () => {
    const allowed = readCidrs('127.0.0.0/8, fd00::/8');
    expect(classifyAddress('127.9.9.9', allowed)).toBe('allowed');
    expect(classifyAddress('fd12::1', allowed)).toBe('allowed');
    expect(classifyAddress('10.0.0.1', allowed)).toBe('refused');
  });

  it('refuses every address of a private network', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('10', '127', '192.168', '169.254'),
        fc.array(fc.nat(255), { minLength: 3, maxLength: 3 }),
        (start, rest) => {
          const address = [...start.split('.'), ...rest].slice(0, 4).join('.');
          expect(classifyAddress(address, [])).toBe('refused');
        },
      ),
    );
  });

  it('refuses a list of networks that is not valid, and names the entry', () => {
    expect(() => readCidrs('10.0.0.0/8,everything')).toThrow('everything');
  });
});
