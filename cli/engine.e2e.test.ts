import { once } from 'node:events';
import { mkdtempSync, readdirSync, statSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { engine, one, stage } from '@spillway/e2e/deployed.ts';
import { assertRunning, type Engine, findEngine, startEngine, stopEngine } from '@spillway/engine/engine.ts';
import { folderOf } from '@spillway/engine/engine-folder.ts';
import { ROOT, STATE } from '@spillway/engine/paths.ts';
import { listServices } from '@spillway/shared/packaging/services.ts';
import { execa } from 'execa';
import { as, spillway, uniqueName } from './testing/run-spillway.ts';

/** Starting an engine and deploying to it, on a busy machine. */
const DEPLOY_MS = 180_000;

describe('spillway up and down', () => {
  it('prints the running engine as one line of JSON with spillway up, also for a second tenant', async () => {
    for (const tenant of ['one', uniqueName()]) {
      const { code, out, error } = await spillway(['up', '--no-deploy', '--json', ...as(tenant)]);
      expect([code, error, out.trim().split('\n')]).toEqual([0, '', [expect.any(String)]]);
      const up = JSON.parse(out);
      const keys = ['engine', 'apiUrl', 'socketUrl', 'token', 'apiKey', 'stage', 'tenant', 'admin', 'outputs'];
      expect(Object.keys(up)).toEqual(keys);
      expect(up).toMatchObject({ engine: engine.endpoint, apiUrl: stage.apiUrl, stage: stage.name });
      expect(up.socketUrl).toBe(stage.socketUrl);
      expect(Object.keys(up.outputs)).toEqual(listServices());
      if (tenant === 'one') expect(up).toMatchObject({ tenant: one.clientId, apiKey: one.apiKey });
    }
  });

  it('stops an engine and keeps its state with spillway down, and deletes it with --forget', async () => {
    const spare = { name: 'spare', port: 0, keep: true };
    const { port, endpoint } = await startEngine(spare);
    const down = async (...args: string[]) => {
      const { code, error } = await spillway(['down', ...args], { SPILLWAY_ENGINE: 'spare' });
      return [code, error.trim()];
    };
    const early = await spillway(['submit', 'csv-import'], { SPILLWAY_ENGINE: 'spare' });
    expect([early.code, early.error]).toEqual([
      1,
      expect.stringMatching(/not deployed to the local engine yet.*-- up/),
    ]);
    expect(early.error).not.toMatch(/AWS|serverless/);
    expect(await down()).toEqual([0, expect.stringContaining('continues with its state')]);
    // the state has private keys and secrets
    expect(statSync(folderOf('spare')).mode & 0o077).toBe(0);
    await expect(fetch(endpoint)).rejects.toThrow();
    await expect(startEngine({ ...spare, port: port + 1 })).rejects.toThrow(`SPILLWAY_PORT=${port}`);
    expect(await startEngine({ ...spare, port })).toMatchObject({ resumed: true });
    expect(await down('--forget')).toEqual([0, 'Stopped, and its state is deleted.']);
    expect(await startEngine({ ...spare, port })).toMatchObject({ resumed: false });
    expect(await down('--forget')).toEqual([0, 'Stopped, and its state is deleted.']);
  });

  it(
    'leaves nothing behind after spillway up and spillway down --forget',
    async () => {
      const TMPDIR = mkdtempSync(join(tmpdir(), 'spillway-'));
      const own = { SPILLWAY_ENGINE: 'tidy', SPILLWAY_PORT: String(await unusedPort()), TMPDIR };
      const up = await spillway(['up'], own);
      expect([up.code, up.out]).toEqual([0, expect.stringContaining('curl -H @.spillway/headers-tidy')]);
      expect((await spillway(['down', '--forget'], own)).code).toBe(0);
      expect(readdirSync(TMPDIR)).toEqual([]);
      expect(readdirSync(STATE).filter((name) => name.includes('tidy'))).toEqual([]);
      expect(readdirSync(join(STATE, 'engines')).filter((name) => name.includes('tidy'))).toEqual([]);
    },
    DEPLOY_MS,
  );
});

async function unusedPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}

describe('a process that started an engine', () => {
  const name = 'replaced';
  const port = unusedPort();

  it('notices that its engine is gone, and leaves the next engine with that name alone', async () => {
    const first = await startEngine({ name, port: await port });
    expect(await spillway(['down'], { SPILLWAY_ENGINE: name })).toMatchObject({ code: 0 });
    expect(() => assertRunning(first)).toThrow('The engine is not running any more');
    const other = await startElsewhere(name, await port);
    try {
      expect(await stopEngine(name)).toBe('not running');
      expect(findEngine(name)).toMatchObject({ id: other.id });
      expect((await fetch(other.endpoint)).status).toBeGreaterThan(0);
    } finally {
      expect(await spillway(['down'], { SPILLWAY_ENGINE: name })).toMatchObject({ code: 0 });
    }
  });
});

/** Starts an engine by another process. */
async function startElsewhere(name: string, port: number): Promise<Engine> {
  const script = `
    import { startEngine } from '${join(ROOT, 'local/engine/engine.ts')}';
    console.log(JSON.stringify(await startEngine({ name: '${name}', port: ${port} })));
    process.exit();`;
  const { stdout } = await execa(process.execPath, ['--input-type=module', '--eval', script]);
  return JSON.parse(stdout);
}
