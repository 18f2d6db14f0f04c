import TestSequencer from '@jest/test-sequencer';

/** Test files that take minutes, mostly waiting; the longest first. The others fill the time beside them. */
const LONGEST = [
  'services/processing/tick.e2e.test.ts',
  'local/test/services-alone.e2e.test.ts',
  'services/processing/processing.e2e.test.ts',
  'cli/failures.e2e.test.ts',
  'services/ingress/e2e/cancel.e2e.test.ts',
  'services/processing/later.e2e.test.ts',
  'services/processing/large-files.e2e.test.ts',
  'local/test/client.e2e.test.ts',
  'services/processing/ordered.e2e.test.ts',
  'cli/schedule.e2e.test.ts',
  'services/processing/replays.e2e.test.ts',
  'cli/engine.e2e.test.ts',
];

/** Starts the longest test files first, also where Jest has not measured them yet. */
export default class LongestFirst extends TestSequencer {
  sort(tests) {
    return super.sort(tests).sort((a, b) => placeOf(a) - placeOf(b));
  }
}

function placeOf({ path }) {
  const place = LONGEST.findIndex((file) => path.endsWith(file));
  return place < 0 ? LONGEST.length : place;
}
