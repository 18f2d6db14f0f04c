import { laneView } from './lane-view.ts';

describe('the view of a burst', () => {
  it('shows a lane in fewer than 80 columns, however long the name of its job type is', () => {
    const lane = { name: 'x'.repeat(40), total: 99_999, accepted: 99_999, settled: 50_000 };
    const lines = laneView()
      .draw({ seconds: 1, lanes: [lane] })
      .split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThan(80);
    expect(lines.join()).toContain(`${'x'.repeat(15)}… `);
  });
});
