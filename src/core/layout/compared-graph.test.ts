import { describe, expect, it } from 'vitest';
import { exportFormat } from '../export/formats.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { comparedGraph } from './compared-graph.ts';
import { DEFAULT_VIEW } from './graph.ts';
import { layoutScene } from './layout.ts';

function of(bootId: string, ...containers: ContainerSketch[]): Snapshot {
  const made = snapshotOf({ containers });
  const probe = { version: '0', via: 'direct' as const, durationMs: 1, cpuMs: 1, processes: 1, unreadable: 0 };
  return { ...made, probe: { ...probe, vanished: 0, problems: [] }, host: { ...made.host, bootId } };
}

const joins = (name: string, owner: string) => ({ name, namespaces: { net: owner } });
const nodesOf = (before: Snapshot, after: Snapshot) =>
  Object.fromEntries(comparedGraph(before, after, DEFAULT_VIEW).nodes.map(({ label, change }) => [label, change]));

describe('the graph of two snapshots', () => {
  const before = of('b', { name: 'web' }, joins('old', 'web'), joins('side', 'web'), { name: 'gone' });
  const after = of('b', { name: 'web' }, joins('late', 'web'), joins('side', 'web'), { name: 'fresh' });

  it('has what is gone, and says of each what became of it', () => {
    expect(nodesOf(before, after)).toMatchObject({
      ...{ gone: 'removed', old: 'removed', fresh: 'added', late: 'added' },
      ...{ side: undefined, web: undefined },
    });
  });

  it('draws who left and who joined as lines of one hub', () => {
    const graph = comparedGraph(before, after, DEFAULT_VIEW);
    expect(graph.sets).toHaveLength(1);
    expect(graph.sets[0]?.changes).toEqual({ [idOf('old')]: 'removed', [idOf('late')]: 'added' });
    const { scene } = layoutScene(graph, null, { pins: new Map(), tick: 0 });
    const told = Object.fromEntries(scene.links.map(({ from, change }) => [from, change]));
    expect(told).toEqual({
      [idOf('web')]: undefined,
      [idOf('side')]: undefined,
      [idOf('old')]: 'removed',
      [idOf('late')]: 'added',
    });
    expect(scene.hubs[0]?.members).toHaveLength(4);
  });

  it('draws a share with the machine that came, and one that went', () => {
    const [plain, hosted] = [of('b', { name: 'a' }), of('b', { name: 'a', container: hostNet, ...hostNs })];
    const changes = (was: Snapshot, is: Snapshot) =>
      comparedGraph(was, is, DEFAULT_VIEW).machine.map(({ change }) => change);
    expect(changes(plain, hosted)).toEqual(['added']);
    expect(changes(hosted, plain)).toEqual(['removed']);
    expect(changes(hosted, hosted)).toEqual([undefined]);
  });

  it('after a restart of the machine nothing is marked where names and shares are the same', () => {
    const id = 'f'.repeat(64);
    const again = of('b2', { name: 'web', container: { id }, process: { container: id } }, joins('side', 'web'));
    const first = of('b1', { name: 'web' }, joins('side', 'web'));
    expect(Object.values(nodesOf(first, again)).filter((change) => change !== undefined)).toEqual([]);
    expect(comparedGraph(first, again, DEFAULT_VIEW).sets.map(({ changes }) => changes)).toEqual([{}]);
  });

  it.each(['svg', 'dot', 'mermaid', 'drawio'] as const)('%s says it in words', (format) => {
    const picture = { snapshot: after, before, view: 'sharing', theme: 'light', scene: null, nets: [] } as const;
    const content = exportFormat(format).render({ ...picture, options: DEFAULT_VIEW });
    const text = content.type === 'text' ? content.text : '';
    for (const word of ['+ added', '− removed']) expect(text).toContain(word);
    expect(text).toContain('gone');
  });

  it('an SVG has them as data, with a legend and the time of the other', () => {
    const picture = { snapshot: after, before, view: 'sharing', theme: 'light', scene: null, nets: [] } as const;
    const content = exportFormat('svg').render({ ...picture, options: DEFAULT_VIEW });
    const text = content.type === 'text' ? content.text : '';
    expect(text).toMatch(/class="container" data-name="gone" data-change="removed"/);
    expect(text).toMatch(/class="line"[^>]* data-change="added"/);
    expect(text).toMatch(/class="legend"[\s\S]*>removed<\/text>/);
    expect(text).toContain('Compared with 2026-01-01 00:00:00 UTC');
    const alone = exportFormat('svg').render({ ...picture, before: null, options: DEFAULT_VIEW });
    expect(alone.type === 'text' && alone.text).not.toMatch(/data-change|>removed</);
  });
});

const hostNet = { modes: { net: 'host', ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' } };
const hostNs = { namespaces: { net: 'host' } };
