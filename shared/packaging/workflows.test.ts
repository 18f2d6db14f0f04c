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

describe('workflows', () => {
  it('a workflow becomes a state machine with the functions of its steps and a timeout within the job’s', () => {
    const { SampleWorkflow } = stateMachines(folderWith(invoking('first')), [express]);
    expect(SampleWorkflow).toMatchObject({
      type: 'EXPRESS',
      definition: {
        TimeoutSeconds: 27,
        States: { work: { Parameters: { FunctionName: { 'Fn::GetAtt': ['sample-first', 'Arn'] } } } },
      },
    });
  });

  it('a job type that runs inline has no state machine', () => {
    expect(stateMachines(folderWith(), [sampleType()])).toEqual({});
  });

  it.each([
    ['a contract says express and there is no workflow', undefined, express, 'write job-types/sample/workflow.yml'],
    [
      'there is a workflow and the contract says inline',
      invoking('first'),
      sampleType(),
      "is unused: set run: 'express'",
    ],
    [
      'a workflow names a step that is not there',
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
    [
      'a workflow has a timeout of its own',
      invoking('first', 'TimeoutSeconds: 99'),
      express,
      'follows from the contract',
    ],
  ])('packaging fails and says what to do when %s', (_, workflow, jobType, message) => {
    expect(() => stateMachines(folderWith(workflow), [jobType])).toThrow(message);
  });
});
