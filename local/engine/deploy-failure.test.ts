import { reasonIn } from './deploy-failure.ts';

it('a failed deploy shows its reason, however long the stack trace below it is', () => {
  const stack = Array.from({ length: 40 }, (_, n) => `processing ›     at resolve${n} (/a b/serverless.js:${n}:9)`);
  const output = [
    'processing › Error:',
    'processing › workflow.yml invokes the step "dance", but there is no steps/dance/',
    'processing ›     at async Promise.all (index 0)',
    'processing ›     at Array.map (<anonymous>)',
    ...stack,
    'ingress › skipped',
  ];
  expect(reasonIn(output.join('\n')).split('\n')).toEqual([output[0], output[1], 'ingress › skipped']);
});
