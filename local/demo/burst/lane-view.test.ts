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

  it('says what a burst waits for and for how long, once nothing has moved for a while', () => {
    const lanes = [
      { name: 'csv-import', total: 9, accepted: 9, settled: 7 },
      { name: 'ledger-posting', total: 9, accepted: 9, settled: 9 },
      { name: 'document-approval', total: 900, accepted: 900, settled: 0 },
    ];
    const [drawn, described] = [laneView(), laneView()];
    expect(drawn.draw({ seconds: 5, lanes, idleSeconds: 5, patienceSeconds: 1700 })).not.toContain('Nothing has moved');
    const moment = { seconds: 40, lanes, idleSeconds: 30.5, patienceSeconds: 1675 };
    for (const text of [drawn.draw(moment), described.describe(moment)]) {
      expect(text).toMatch(
        /Nothing has moved for 30 s\. Waiting up to 28 min more for:\n {6}2 csv-import\n {4}900 document-approval\n/,
      );
      expect(text).not.toMatch(/0 ledger-posting/);
      expect(text).toContain('"npm run spillway -- events resend --yes"');
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThan(80);
    }
  });

  it('shows no negative throughput while failed jobs are replayed', () => {
    const view = laneView();
    const at = (seconds: number, settled: number) => ({
      seconds,
      lanes: [{ name: 'webhook-delivery', total: 9, accepted: 9, settled }],
    });
    view.draw(at(1, 8));
    expect(view.draw(at(2, 5))).toMatch(/webhook-delivery .* 5\/9 +4 +0 +\?\n/);
    expect(view.describe(at(3, 5))).toBe('  accepted 9 of 9, settled 5, 0 jobs/s, ? left');
  });
});
