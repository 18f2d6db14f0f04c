import { namesOf, stagesIn } from './names.ts';

describe('the names of a stage', () => {
  it('a stage owns what begins with its name, with any prefix', () => {
    const { owns } = namesOf('dev', ['dev']);
    expect(owns('spillway-dev-jobs')).toBe(true);
    expect(owns('/aws/lambda/billing-dev-tick-dead-letters', '/aws/lambda/billing-')).toBe(true);
    expect(owns('spillway-development-jobs')).toBe(false);
    expect(owns('other-dev-jobs')).toBe(false);
  });

  it('a stage does not own what belongs to a stage whose name is longer', () => {
    const { owns } = namesOf('dev', ['dev', 'dev-2']);
    expect(owns('spillway-dev-2-jobs')).toBe(false);
    expect(owns('spillway-dev-2nd-type')).toBe(true);
  });

  it('stages are known by their stacks, and by a jobs table that outlived them', () => {
    const stages = stagesIn(
      ['processing', 'billing'],
      ['processing-dev', 'billing-dev-2', 'a-stack-of-others'],
      ['spillway-old-jobs', 'a-table-of-others'],
    );
    expect(stages).toEqual(new Set(['dev', 'dev-2', 'old']));
  });
});
