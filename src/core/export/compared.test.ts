import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { DEFAULT_VIEW } from '../layout/graph.ts';
import { type ContainerSketch, snapshotOf } from '../snapshot/build.testing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { exportFormat } from './formats.ts';

function of(bootId: string, ...containers: ContainerSketch[]): Snapshot {
  const made = snapshotOf({ containers });
  const probe = { version: '0', via: 'direct' as const, durationMs: 1, cpuMs: 1, processes: 1, unreadable: 0 };
  return { ...made, probe: { ...probe, vanished: 0, problems: [] }, host: { ...made.host, bootId } };
}

const joins = (name: string, owner: string, image = 'busybox:1'): ContainerSketch => ({
  ...{ name, namespaces: { net: owner }, container: { image } },
});
// Namespaces are numbered in this order.
const before = of('b', { name: 'same' }, { name: 'web' }, joins('gone', 'web', 'gone:1'));
const later = [{ name: 'same' }, { name: 'web', container: { image: 'web:2' } }, { name: 'fresh' }];

function render(format: 'svg' | 'csv', after: Snapshot): string {
  const content = exportFormat(format).render({
    ...{ snapshot: after, before, view: 'table', options: DEFAULT_VIEW, theme: 'light', scene: null, nets: [] },
  });
  return content.type === 'text' ? content.text : '';
}

function rows(after: Snapshot): Record<string, string>[] {
  return parse(render('csv', after), { columns: true });
}

it('the table of two snapshots has what is gone where it stood, and a word for what became of each', () => {
  expect(rows(of('b', ...later)).map(({ Name, Change, Image }) => [Name, Change, Image])).toEqual([
    ['fresh', 'added', 'busybox:1'],
    ['gone', 'removed', 'gone:1'],
    ['same', '', 'busybox:1'],
    ['web', 'changed', 'web:2'],
  ]);
  expect(render('svg', of('b', ...later))).toContain('Compared with 2026-01-01 00:00:00 UTC');
});

it('in another boot the same id is another namespace: what is gone has no letter of those that are there', () => {
  const after = [{ name: 'fresh' }, joins('late', 'fresh')];
  const net = (found: Record<string, string>[], name: string) => found.find(({ Name }) => Name === name)?.net;
  expect(net(rows(of('other', ...after)), 'gone')).toBe('(2)');
  expect(net(rows(of('other', ...after)), 'late')).toBe('A (2)');
  expect(net(rows(of('b', { name: 'same' }, { name: 'web' })), 'gone')).toBe('A (2)');
});
