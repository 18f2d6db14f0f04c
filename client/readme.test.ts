import { readFileSync } from 'node:fs';
import { join } from 'node:path';

it('the example in the README of the client is the one that is type-checked and run', () => {
  const [, example] = /```ts\n(.*?)```/s.exec(readFileSync(join(__dirname, 'README.md'), 'utf8')) ?? [];
  expect(example).toBe(readFileSync(join(__dirname, 'testing/readme-example.ts'), 'utf8'));
});
