import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { WiringEvent } from '../../src/core/wiring/reading.ts';
import { createService, openLine, type Service } from '../../src/inspector/detail/service.ts';
import { createInspector } from '../../src/inspector/inspector.ts';
import { describeWith } from '../support/require.ts';
import { PROBE_NEEDS } from './probe.ts';

function probesOfMine(): number[] {
  return readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
        const [state, ppid] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return Number(ppid) === process.pid && state !== 'Z' && stat.includes('(bulkhead-probe)');
      } catch {
        return false;
      }
    });
}

describeWith('the helper of the details, started here', PROBE_NEEDS, () => {
  let service: Service | undefined;
  afterEach(async () => service?.close());

  it('is killed when it does not answer, however deeply it hangs', async () => {
    let ends = 0;
    service = await createService(
      (onOutput, onEnd) => openLine(null, false, onOutput, onEnd),
      () => ends++,
      500,
    );
    await expect(service.ask(['holders', 1])).resolves.toMatchObject({ holders: [] });
    const [pid = 0] = probesOfMine();
    execFileSync('kill', ['-STOP', String(pid)]);
    await expect(service.ask(['holders', 1])).rejects.toThrow('did not answer');
    await expect.poll(probesOfMine).toEqual([]);
    expect(ends).toBe(1);
  });
});

describeWith('the wiring of this machine', PROBE_NEEDS, () => {
  const names = Array.from({ length: 100 }, (_, index) => `bulkhead-${process.pid}-${index}`);
  const ip = (...args: string[]) => execFileSync('ip', args);
  beforeAll(() => {
    for (const [index, name] of names.entries()) {
      ip('netns', 'add', name);
      ip('link', 'add', `bh${index}`, 'type', 'veth', 'peer', 'name', 'far', 'netns', name);
    }
  });
  afterAll(() => {
    for (const name of names) ip('netns', 'del', name);
  });

  it('is told by one question, with a hundred namespaces that have no process, and where each veth leads', async () => {
    const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    try {
      const events: WiringEvent[] = [];
      await new Promise<void>((done) => {
        const stop = inspector.subscribe.wiring({ endpoint: 'local' }, (event) => {
          events.push(event);
          if (event.type === 'end') queueMicrotask(() => done(stop()));
        });
      });
      expect(events.at(-1)).toEqual({ type: 'end', problem: null });
      const nets = events.flatMap((event) => (event.type === 'part' ? event.nets : []));
      const snapshot = await inspector.request['snapshot.take']({ endpoint: 'local' });
      const ids = names.map((name) => {
        const held = snapshot.namespaces.find(({ pins }) =>
          pins.some((pin) => pin.type === 'mount' && pin.path.endsWith(`/netns/${name}`)),
        );
        return held?.id ?? 'missing';
      });
      const own = nets.find(({ links }) => links?.some(({ name }) => name === 'bh0'));
      for (const [index, id] of ids.entries()) {
        expect(nets.find((each) => each.id === id)?.links?.find(({ name }) => name === 'far')?.peer?.namespace).toBe(
          own?.id,
        );
        expect(own?.links?.find(({ name }) => name === `bh${index}`)?.peer?.namespace).toBe(id);
      }
      // The page says how many of how many.
      expect(events.find((event) => event.type === 'part')).toMatchObject({ nets: [], total: nets.length });
    } finally {
      await inspector.close();
    }
  });
});
