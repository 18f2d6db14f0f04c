import { readFileSync } from 'node:fs';
import { join } from 'node:path';

it('the examples in the README of the client are those that are type-checked and run', () => {
  const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
  const examples = [...readme.matchAll(/```ts\n(.*?)```/gs)].map(([, example]) => example);
  const files = ['readme-example.ts', 'readme-manage.ts', 'readme-watch.ts'];
  expect(examples).toEqual(files.map((file) => readFileSync(join(__dirname, 'testing', file), 'utf8')));
});
