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

it('a failed deploy shows nothing about the services that were deployed meanwhile', () => {
  const output = [
    'streams › × Stack streams-local failed to deploy (2s)',
    'streams › error',
    'streams › Error:',
    'streams › UPDATE_FAILED: SilentAlarm (AWS::CloudWatch::Alarm)',
    'billing › ✔ Service deployed to stack billing-local (2s)',
    'billing › deployed',
    'ingress › skipped',
  ];
  expect(reasonIn(output.join('\n')).split('\n')).toEqual(output.slice(1, 4));
});
