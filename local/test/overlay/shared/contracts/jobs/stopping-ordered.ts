import { defineJobType } from '../job-type.ts';
import { ordered } from './misbehaving-ordered.ts';

export default defineJobType({
  ...ordered,
  name: 'stopping-ordered',
  summary: 'Misbehaves on request, in the order of a key, which stops when one of its jobs has failed.',
  lane: { kind: 'ordered', orderKey: 'key', onFailure: 'stop' },
  // so that a key's jobs come in one batch and in several
  batchSize: 2,
});
