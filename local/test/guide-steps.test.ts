import { guidedJobTypes, guideSteps, readGuide } from './guide-steps.ts';

const PAGE = `
Run this:

\`\`\`sh
npm run spillway -- new job-type word-count --service billing   # writes the files
npm test
\`\`\`

1. An indented file:

   \`\`\`ts title="services/billing/job-types/word-count/run.ts"
   export const run = () => {
     return 1;
   };
   \`\`\`

\`\`\`ts title="shared/contracts/jobs/word-tally.ts"
export default 1;
\`\`\`

\`\`\`ts
only an illustration
\`\`\`
`;

it('a guide is read as the commands to run and the files to write, in the order of the page', () => {
  expect(guideSteps(PAGE)).toEqual([
    { kind: 'run', args: ['new', 'job-type', 'word-count', '--service', 'billing'] },
    {
      kind: 'write',
      path: 'services/billing/job-types/word-count/run.ts',
      text: 'export const run = () => {\n  return 1;\n};\n',
    },
    { kind: 'write', path: 'shared/contracts/jobs/word-tally.ts', text: 'export default 1;\n' },
  ]);
});

it('the job types that a guide adds are known from its commands and its contracts', () => {
  expect(guidedJobTypes(guideSteps(PAGE))).toEqual(['word-count', 'word-tally']);
});

it('docs/add-a-job-type.md adds a job type that runs a function and one that runs a workflow', () => {
  const steps = readGuide();
  expect(guidedJobTypes(steps).length).toBeGreaterThanOrEqual(2);
  expect(JSON.stringify(steps)).toContain('express');
});
