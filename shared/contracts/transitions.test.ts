import { readFileSync } from 'node:fs';
import { JOB_STATUSES } from './job.ts';
import { isAllowed, TRANSITIONS, UNSEEN } from './transitions.ts';

const architecture = readFileSync(new URL('../../docs/architecture.md', import.meta.url), 'utf8');
const diagram = /```mermaid\nstateDiagram-v2\n(.*?)```/s.exec(architecture)?.[1] ?? '';

describe('the state machine of a job', () => {
  it('is shown in docs/architecture.md exactly as its table of transitions says', () => {
    const shown = diagram
      .split('\n')
      .filter((line) => line.includes('-->'))
      .map((line) => line.trim());
    const said = Object.entries(TRANSITIONS).flatMap(([name, { from, to }]) =>
      from.map((status) => `${status === UNSEEN ? '[*]' : status} --> ${to}: ${name}`),
    );
    expect(shown.toSorted()).toEqual(said.toSorted());
  });

  it('reaches every status, and changes an outcome only by a replay', () => {
    const entered = new Set(Object.values(TRANSITIONS).map(({ to }) => to as string));
    expect(JOB_STATUSES.filter((status) => !entered.has(status))).toEqual([]);
    for (const outcome of ['SUCCEEDED', 'CANCELLED'] as const) {
      expect(JOB_STATUSES.filter((to) => isAllowed(outcome, to))).toEqual([]);
    }
    expect(JOB_STATUSES.filter((to) => isAllowed('FAILED', to))).toEqual(['QUEUED']);
  });
});
