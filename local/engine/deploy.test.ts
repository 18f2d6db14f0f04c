import { reasonOf } from './deploy.ts';

it('a deploy that failed says why, however long the stack below it', () => {
  const stack = Array.from({ length: 40 }, (_, n) => `processing ›     at resolve${n} (/a b/serverless.js:${n}:9)`);
  const output = [
    'processing › Error:',
    'processing › workflow.yml invokes "dance", and there is no steps/dance/',
    'processing ›     at async Promise.all (index 0)',
    'processing ›     at Array.map (<anonymous>)',
    ...stack,
    'ingress › skipped',
  ];
  expect(reasonOf(output.join('\n')).split('\n')).toEqual([output[0], output[1], 'ingress › skipped']);
});
