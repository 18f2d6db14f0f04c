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

/** A folder of job types that contains only `sample`, which has the step `first`. */
function folderWith(workflow?: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'job-types-'));
  mkdirSync(join(folder, 'sample/steps/first'), { recursive: true });
  if (workflow !== undefined) writeFileSync(join(folder, 'sample/workflow.yml'), workflow);
  return folder;
}

describe('workflows', () => {
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

  it('makes no state machine for a job type that runs inline', () => {
    expect(stateMachines(folderWith(), [sampleType()])).toEqual({});
  });

  it.each([
    ['a contract says express but there is no workflow', undefined, express, 'write job-types/sample/workflow.yml'],
    [
      'there is a workflow but the contract says inline',
      invoking('first'),
      sampleType(),
      "is unused: set run: 'express'",
    ],
    [
      'a workflow invokes a step that does not exist',
      invoking('second'),
      express,
      'there is no job-types/sample/steps/second/',
    ],
    [
      'a workflow is not valid YAML',
      'States: [a\n  b: {',
      express,
      /^job-types\/sample\/workflow\.yml is not valid YAML: .* line 1/,
    ],
    ['a workflow is empty', '', express, 'job-types/sample/workflow.yml has no States'],
    ['a workflow is not a state machine', '- States', express, 'job-types/sample/workflow.yml has no States'],
    ['a workflow sets its own timeout', invoking('first', 'TimeoutSeconds: 99'), express, 'follows from the contract'],
  ])('does not package a service when %s, and says what to do', (_, workflow, jobType, message) => {
    expect(() => stateMachines(folderWith(workflow), [jobType])).toThrow(message);
  });
});
