import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sampleType } from '@spillway/shared/testing/workbench.ts';
import { stateMachines } from './workflows.ts';

const express = sampleType({ run: 'express', timeoutSeconds: 30, batchRuns: 'together' });
const invoking = (step: string, more = '') => `${more}
StartAt: work
States:
  work:
    Type: Task
    Resource: arn:aws:states:::lambda:invoke
    Parameters: { FunctionName: ${step} }
    End: true
`;

/** A folder of job types with one in it, `sample`, that has the step `first`. */
function folderWith(workflow?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'job-types-'));
  mkdirSync(join(folder, 'sample/steps/first'), { recursive: true });
  if (workflow !== undefined) writeFileSync(join(folder, 'sample/workflow.yml'), workflow);
  return folder;
}

describe('packaging', () => {
  it('makes a state machine of a workflow, with the functions of its steps and a timeout within the job’s', () => {
    const { SampleWorkflow } = stateMachines(folderWith(invoking('first')), [express]);
    expect(SampleWorkflow).toMatchObject({
      type: 'EXPRESS',
      definition: {
        TimeoutSeconds: 27,
        States: { work: { Parameters: { FunctionName: { 'Fn::GetAtt': ['sample-first', 'Arn'] } } } },
      },
    });
  });

  it('makes none of a job type that runs inline', () => {
    expect(stateMachines(folderWith(), [sampleType()])).toEqual({});
  });

  it.each([
    ['a contract says express and there is no workflow', undefined, express, 'write job-types/sample/workflow.yml'],
    ['there is a workflow and the contract says inline', invoking('first'), sampleType(), "say run: 'express'"],
    [
      'a workflow names a step that is not there',
      invoking('second'),
      express,
      'there is no job-types/sample/steps/second/',
    ],
    ['a workflow is no YAML', 'States: [a\n  b: {', express, /^job-types\/sample\/workflow\.yml is no YAML: .* line 1/],
    ['a workflow is empty', '', express, 'job-types/sample/workflow.yml has no States'],
    ['a workflow is no state machine', '- States', express, 'job-types/sample/workflow.yml has no States'],
    [
      'a workflow has a timeout of its own',
      invoking('first', 'TimeoutSeconds: 99'),
      express,
      'follows from the contract',
    ],
  ])('fails with the mend when %s', (_, workflow, jobType, mend) => {
    expect(() => stateMachines(folderWith(workflow), [jobType])).toThrow(mend);
  });
});
