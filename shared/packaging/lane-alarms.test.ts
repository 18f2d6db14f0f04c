import { blockedKeyAlarms } from './lane-alarms.ts';

it('the alarms of blocked keys go off at once, after three days, and when the later jobs of a key ran without a decision', () => {
  const { KeysBlockedAlarm, KeysBlockedForLongAlarm, KeysRanOnAlarm } = blockedKeyAlarms('billing', 'topic');
  // a blocked key is reported each hour
  expect(KeysBlockedAlarm?.Properties).toMatchObject({
    MetricName: 'BlockedAge',
    Statistic: 'SampleCount',
    Threshold: 0,
  });
  expect(KeysBlockedAlarm?.Properties?.Period).toBeGreaterThan(3600);
  expect(KeysBlockedForLongAlarm?.Properties).toMatchObject({
    MetricName: 'BlockedAge',
    Statistic: 'Maximum',
    Threshold: 3 * 86_400,
  });
  expect(KeysRanOnAlarm?.Properties).toMatchObject({ MetricName: 'RanOn', Threshold: 0 });
});
