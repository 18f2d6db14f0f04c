import { listServices, removalOrder } from './services.ts';

describe('the order of removal', () => {
  it('every service is removed, the front door before the services whose lanes it uses, and processing last', () => {
    const order = removalOrder();
    expect([...order].sort()).toEqual([...listServices()].sort());
    expect(order.at(-1)).toBe('processing');
    expect(order.indexOf('ingress')).toBeLessThan(order.indexOf('billing'));
  });
});
