import { afterAll, beforeAll, expect, it } from 'vitest';
import { analyseSharing } from '../../src/core/sharing/analyse.ts';
import { HOST } from '../../src/core/sharing/sharing.ts';
import type { NamespaceKind } from '../../src/core/snapshot/namespace.ts';
import { createInspector, type Inspector } from '../../src/inspector/inspector.ts';
import { ENGINE_NEEDS, startEngine, type TestEngine } from '../support/engine.ts';
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

  async function look() {
    const snapshot = await inspector.request['snapshot.take']({ endpoint: engine.host });
    const sharing = analyseSharing(snapshot);
    const idOf = (name: string): string => {
      const container = snapshot.containers.find((one) => one.name === name);
      if (container === undefined) throw new Error(`no container ${name}`);
      return container.id;
    };
    const membersOf = (kind: NamespaceKind, name: string): string[] => {
      const id = sharing.containers.get(idOf(name))?.[kind].namespace;
      const members = sharing.byNamespace.get(id ?? '')?.members ?? [];
      return members.map((member) => snapshot.containers.find((one) => one.id === member)?.name ?? member).sort();
    };
    const causeOf = (kind: NamespaceKind, name: string) => sharing.containers.get(idOf(name))?.[kind].cause;
    const standing = (kind: NamespaceKind, name: string) => sharing.containers.get(idOf(name))?.[kind].standing;
    return { snapshot, sharing, membersOf, causeOf, standing };
  }

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
    const { membersOf, causeOf, standing } = await look();
    expect(membersOf('net', 'web2')).toEqual(['web1', 'web2']);
    expect(causeOf('net', 'web2')?.text).toBe('--network=container:web1');
    expect(causeOf('net', 'web1')?.code).toBe('owner');
    expect(membersOf('uts', 'web1')).toEqual([HOST, 'web1', 'web2']);
    expect(causeOf('uts', 'web2')).toMatchObject({ code: 'host-mode', text: '--uts=host' });
    for (const kind of ['user', 'time'] as const) {
      expect(standing(kind, 'web1')).toBe('host');
      expect(causeOf(kind, 'web1')?.code).toBe('engine-default');
    }
    for (const kind of ['ipc', 'mnt', 'pid'] as const) {
      for (const name of ['web1', 'web2']) expect(standing(kind, name), `${kind} of ${name}`).toBe('private');
    }
    const { hostname } = await import('node:os');
    expect(await answer(8000)).toBe(`You hit: ${hostname()}`);
    expect(await answer(8001)).toBe(`You hit: ${hostname()}`);
    await engine.docker('rm', '-f', 'web1', 'web2');
  });

  it('without it: the uts edge is gone and both answer with web1’s hostname', async () => {
    const id = await web1();
    await web2();
    const { membersOf, standing, snapshot } = await look();
    expect(membersOf('net', 'web1')).toEqual(['web1', 'web2']);
    for (const name of ['web1', 'web2']) expect(standing('uts', name)).toBe('private');
    expect(await answer(8000)).toBe(`You hit: ${id.slice(0, 12)}`);
    expect(await answer(8001)).toBe(`You hit: ${id.slice(0, 12)}`);
    const init = snapshot.processes.find((process) => process.container === id && process.nsPids.at(-1) === 1);
    expect(init?.nsPids[0]).toBe(init?.pid);
    process.kill(init?.pid ?? Number.NaN, 'SIGKILL');
    await engine.docker('wait', 'web1');
    const after = await look();
    expect(after.snapshot.processes.some((process) => process.container === id)).toBe(false);
    expect(after.snapshot.containers.find((container) => container.id === id)?.state).toBe('exited');
  });
});
