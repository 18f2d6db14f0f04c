import { once } from 'node:events';
import { createServer } from 'node:net';
import { assertLoopback, engineEnvironment } from './engine-environment.ts';
import { isRunning } from './launcher-process.ts';
import { chosenPort, freePort } from './port.ts';

describe('a local command', () => {
  it.each(['http://127.0.0.1:4566', 'http://127.9.9.9', 'http://localhost:1', 'http://[::1]:4566'])(
    'lets local commands talk to %s',
    (endpoint) => {
      expect(() => assertLoopback(endpoint)).not.toThrow();
    },
  );

  it.each([
    'https://sqs.eu-west-1.amazonaws.com',
    'http://10.0.0.1:4566',
    'http://127.0.0.1.example.com',
    'http://localhost.example.com',
    'http://user@192.0.2.1',
    'http://0.0.0.0:4566',
  ])('refuses to let local commands talk to %s and says what to use', (endpoint) => {
    expect(() => assertLoopback(endpoint)).toThrow(/this machine only.*127\.0\.0\.1/);
    expect(() => engineEnvironment(endpoint)).toThrow();
  });

  it('passes no AWS settings of the shell to local commands', () => {
    const before = { ...process.env };
    Object.assign(process.env, { AWS_PROFILE: 'production', AWS_ENDPOINT_URL_SQS: 'https://x', SLS_ORG: 'o' });
    const environment = engineEnvironment('http://127.0.0.1:4566');
    process.env = before;
    expect(environment).toMatchObject({ AWS_ENDPOINT_URL: 'http://127.0.0.1:4566', AWS_ACCESS_KEY_ID: 'test' });
    expect(Object.keys(environment)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(AWS_PROFILE|AWS_ENDPOINT_URL_SQS|SLS_ORG)$/)]),
    );
  });

  const proxies = ['HTTP_PROXY', 'https_proxy', 'ALL_PROXY', 'proxy', 'NODE_USE_ENV_PROXY'];
  it.each([...proxies, 'SERVICES', 'PERSIST_STATE', 'LAMBDA_STRICT', 'LOCALSTACK_HOSTNAME'])(
    'does not pass %s from the shell to local commands',
    (name) => {
      const before = { ...process.env };
      process.env[name] = 'http://192.0.2.1:3128';
      const environment = engineEnvironment('http://127.0.0.1:4566');
      process.env = before;
      expect(environment).not.toHaveProperty(name);
    },
  );

  it('takes the engine’s port from SPILLWAY_PORT, or says what is wrong with it', () => {
    expect([chosenPort(''), chosenPort('4600')]).toEqual([4566, 4600]);
    for (const text of ['abc', '0', '65536', '-1', '4566.5', '1e9']) {
      expect(() => chosenPort(text)).toThrow(`SPILLWAY_PORT is "${text}"`);
    }
  });
});

it('takes a port that no outgoing connection can take while the engine is stopped', async () => {
  expect(await freePort(0)).toBeLessThan(32_768);
});

it('refuses a port that is in use, and says what to do', async () => {
  const port = await freePort(0);
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  await expect(freePort(port)).rejects.toThrow(`Port ${port} is already in use. Stop the process that uses it`);
  server.close();
});

it('does not mistake another process or a process that has ended for a launcher', () => {
  expect(isRunning({ pid: process.pid, port: 4566, id: 'x' })).toBe(false);
  // beyond the largest process id of Linux and macOS
  expect(isRunning({ pid: 2 ** 22 + 1, port: 4566, id: 'x' })).toBe(false);
});
