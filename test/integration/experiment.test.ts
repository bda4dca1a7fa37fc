import { hostname } from 'node:os';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HOST } from '../../src/core/sharing/sharing.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
import { look } from '../support/look.ts';
import { describeWith } from '../support/require.ts';

const needs = { ...ENGINE_NEEDS, files: [...ENGINE_NEEDS.files, 'resources/probe/linux-amd64/bulkhead-probe'] };

describeWith('the experiment: two web servers on one network', needs, () => {
  let engine: TestEngine;
  let inspector: Inspector;

  beforeAll(async () => {
    engine = await startEngine();
    inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  });
  afterAll(async () => {
    await inspector?.close();
    await engine?.stop();
  });

  async function answer(port: number): Promise<string> {
    for (let attempt = 0; ; attempt++) {
      try {
        return (await (await fetch(`http://127.0.0.1:${port}/`)).text()).trim();
      } catch (error) {
        if (attempt >= 50) throw error;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    }
  }

  const web1 = (...args: string[]) =>
    engine.docker(
      'run',
      '-d',
      '--name',
      'web1',
      '-p',
      '8000:8000',
      '-p',
      '8001:8001',
      ...args,
      engine.image,
      '/bin/web',
      '8000',
    );
  const web2 = (...args: string[]) =>
    engine.docker('run', '-d', '--name', 'web2', '--network=container:web1', ...args, engine.image, '/bin/web', '8001');

  it('with the host’s UTS: net shared by the two, uts by both with the host, the rest private or default', async () => {
    await web1('--uts=host');
    await web2('--uts=host');
    const { members, cause, standing } = await look(inspector, engine.host);
    expect(members('net', 'web2')).toEqual(['web1', 'web2']);
    expect(cause('net', 'web2')?.text).toBe('--network=container:web1');
    expect(cause('net', 'web1')?.code).toBe('owner');
    expect(members('uts', 'web1')).toEqual([HOST, 'web1', 'web2']);
    expect(cause('uts', 'web2')).toMatchObject({ code: 'host-mode', text: '--uts=host' });
    for (const kind of ['user', 'time'] as const) {
      expect(standing(kind, 'web1')).toBe('host');
      expect(cause(kind, 'web1')?.code).toBe('engine-default');
    }
    for (const kind of ['ipc', 'mnt', 'pid'] as const) {
      for (const name of ['web1', 'web2']) expect(standing(kind, name), `${kind} of ${name}`).toBe('private');
    }
    expect(await answer(8000)).toBe(`You hit: ${hostname()}`);
    expect(await answer(8001)).toBe(`You hit: ${hostname()}`);
    await engine.docker('rm', '-f', 'web1', 'web2');
  });

  it('without it: the uts edge is gone and both answer with web1’s hostname', async () => {
    const id = await web1();
    await web2();
    const { members, standing, init, snapshot } = await look(inspector, engine.host);
    expect(members('net', 'web1')).toEqual(['web1', 'web2']);
    for (const name of ['web1', 'web2']) expect(standing('uts', name)).toBe('private');
    expect(await answer(8000)).toBe(`You hit: ${id.slice(0, 12)}`);
    expect(await answer(8001)).toBe(`You hit: ${id.slice(0, 12)}`);
    const { pid, nsPids } = init('web1');
    expect(snapshot.host.initial.pid).not.toBe(init('web1').namespaces.pid);
    expect(nsPids).toEqual([pid, 1]);
    process.kill(pid, 'SIGKILL');
    await engine.docker('wait', 'web1');
    const after = await look(inspector, engine.host);
    expect(after.snapshot.processes.some((process) => process.container === id)).toBe(false);
    expect(after.snapshot.containers.find((container) => container.id === id)?.state).toBe('exited');
  });
});
