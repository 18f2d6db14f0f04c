import { join } from 'node:path';
import { pathForUser, pathFromUser } from './user-paths.ts';

const { INIT_CWD } = process.env;

describe('a path that a person names', () => {
  afterEach(() => {
    if (INIT_CWD === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = INIT_CWD;
  });

  it('is relative to the folder in which npm was called', () => {
    process.env.INIT_CWD = '/home/me/data';
    expect(pathFromUser('jobs.jsonl')).toBe('/home/me/data/jobs.jsonl');
    expect(pathFromUser('../jobs.jsonl')).toBe('/home/me/jobs.jsonl');
    expect(pathFromUser('/tmp/jobs.jsonl')).toBe('/tmp/jobs.jsonl');
    expect(pathForUser('/home/me/repo/.spillway/headers')).toBe('../repo/.spillway/headers');
    expect(pathForUser('/home/me/data')).toBe('.');
  });

  it('is relative to the working folder without npm', () => {
    delete process.env.INIT_CWD;
    expect(pathFromUser('jobs.jsonl')).toBe(join(process.cwd(), 'jobs.jsonl'));
    expect(pathForUser(join(process.cwd(), 'a/b'))).toBe('a/b');
  });
});
