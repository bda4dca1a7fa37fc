import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Namespace, Snapshot } from '../snapshot/snapshot.ts';
import { depthOf, type Level, levelsOf, outsideId, rootSentence } from './levels.ts';

const USER0 = 'user:[4026531837]';
const PID0 = 'pid:[4026531836]';

function space(id: string, extra: Partial<Namespace> = {}): Namespace {
  return {
    id,
    kind: id.startsWith('user') ? 'user' : 'pid',
    inode: Number(id.replace(/\D/g, '')),
    device: 4,
    initial: false,
    owner: null,
    parent: null,
    ownerUid: null,
    uniqueId: null,
    pids: [],
    pins: [],
    ...extra,
  };
}

const base = snapshotOf({ containers: [] });
const snapshot = (namespaces: readonly Namespace[], processes: Snapshot['processes'] = []): Snapshot => ({
  ...base,
  namespaces: [...namespaces],
  processes: [...processes],
});
const MACHINE = [space(USER0, { initial: true }), space(PID0, { initial: true, owner: USER0 })];
const shape = (level: Level): unknown => [level.namespace.id, level.within.map(shape)];

describe('levelsOf', () => {
  it('shows Docker in Docker as a pid namespace in a pid namespace', () => {
    const init = base.processes[0];
    if (init === undefined) throw new Error('no process');
    const at = (pid: number, nsPids: number[], ns: string, container: string | null) => ({
      ...init,
      pid,
      nsPids,
      container,
      namespaces: { ...init.namespaces, pid: ns },
    });
    const levels = levelsOf(
      snapshot(
        [
          ...MACHINE,
          space('pid:[5]', { parent: PID0, owner: USER0 }),
          space('pid:[6]', { parent: 'pid:[5]', owner: USER0 }),
        ],
        [
          at(1, [1], PID0, null),
          at(50, [50, 1], 'pid:[5]', idOf('dind')),
          at(60, [60, 20, 1], 'pid:[6]', idOf('dind')),
        ],
      ),
    );
    expect(levels.map(shape)).toEqual([[USER0, [[PID0, [['pid:[5]', [['pid:[6]', []]]]]]]]]);
    expect(depthOf(levels[0] as Level)).toBe(4);
    const inmost = levels[0]?.within[0]?.within[0]?.within[0];
    expect(inmost?.processes).toMatchObject([{ pid: 60, pids: [60, 20, 1] }]);
    expect(inmost?.containers).toEqual([idOf('dind')]);
  });

  it("shows a rootless engine's namespaces in the user namespace that owns them", () => {
    const levels = levelsOf(
      snapshot([
        ...MACHINE,
        space('user:[7]', { parent: USER0, ownerUid: 1000 }),
        space('pid:[8]', { parent: PID0, owner: 'user:[7]' }),
      ]),
    );
    expect(levels.map(shape)).toEqual([
      [
        USER0,
        [
          ['user:[7]', [['pid:[8]', []]]],
          [PID0, []],
        ],
      ],
    ]);
  });

  it('has every namespace once, whatever is said of parents', () => {
    const ids = ['user:[1]', 'user:[2]', 'user:[3]', 'pid:[4]', 'pid:[5]', 'pid:[6]', 'pid:[7]'];
    const any = fc.record({
      parent: fc.constantFrom(null, ...ids, 'pid:[99]'),
      owner: fc.constantFrom(null, ...ids, 'user:[99]'),
    });
    const count = (level: Level): string[] => [level.namespace.id, ...level.within.flatMap(count)];
    fc.assert(
      fc.property(fc.array(any, { minLength: ids.length, maxLength: ids.length }), (links) => {
        const levels = levelsOf(snapshot(ids.map((id, index) => space(id, links[index]))));
        expect(levels.flatMap(count).toSorted()).toEqual(ids.toSorted());
      }),
    );
  });
});

describe('who is root', () => {
  const map = [
    { inside: 0, outside: 1000, count: 1 },
    { inside: 1, outside: 100_000, count: 65_536 },
  ];
  it('is what the map says', () => {
    expect(outsideId(map, 0)).toBe(1000);
    expect(outsideId(map, 33)).toBe(100_032);
    expect(outsideId(map, 65_537)).toBeNull();
    expect(rootSentence(space('user:[7]'), map)).toBe('root here is uid 1000 outside');
    expect(rootSentence(space('user:[7]'), [])).toContain('no root here');
    expect(rootSentence(space('user:[7]'), [{ inside: 0, outside: 0, count: 1 }])).toBe(
      'root here is root outside too',
    );
  });
  it('is not guessed', () => {
    expect(rootSentence(space('user:[7]', { ownerUid: 1000 }), null)).toBe('created by uid 1000; its map was not read');
    expect(rootSentence(space('user:[7]'), null)).toBe('who is root here is unknown');
    expect(rootSentence(space(USER0, { initial: true }), null)).toBe('root here is root of the machine');
  });
});
