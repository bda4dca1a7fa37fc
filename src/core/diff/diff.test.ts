import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { snapshotOf } from '../snapshot/build.testing.ts';
import { applyPatch, diffSnapshots } from './diff.ts';
import { patchSchema } from './patch.ts';

const sketch = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
      with: fc.constantFrom('host', 'a', 'b', 'own'),
      image: fc.constantFrom('x', 'y'),
    }),
    {
      selector: ({ name }) => name,
    },
  )
  .map((containers) =>
    snapshotOf({
      containers: containers.map(({ name, with: net, image }) => ({
        name,
        container: { image },
        namespaces: net === 'own' ? {} : { net },
      })),
    }),
  );

test('applying a difference gives the later snapshot, and survives a wire', () => {
  fc.assert(
    fc.property(sketch, sketch, (before, after) => {
      const patch = diffSnapshots(before, after);
      if (patch === null) {
        expect(after).toEqual(before);
        return;
      }
      expect(applyPatch(before, patchSchema.parse(JSON.parse(JSON.stringify(patch))))).toEqual(after);
    }),
  );
});

test('what did not change keeps its identity', () => {
  const before = snapshotOf({ containers: [{ name: 'a' }, { name: 'b' }] });
  const after = snapshotOf({ containers: [{ name: 'a' }, { name: 'b', container: { image: 'new' } }] });
  const patch = diffSnapshots(before, after);
  expect(patch?.containers.upsert.map(({ name }) => name)).toEqual(['b']);
  expect(patch?.processes.upsert).toEqual([]);
  const next = applyPatch(before, patch ?? expect.fail('no patch'));
  expect(next.containers[0]).toBe(before.containers[0]);
  expect(next.namespaces[0]).toBe(before.namespaces[0]);
});

test('a list of which nothing changed is the same list', () => {
  const before = snapshotOf({ containers: [{ name: 'a' }, { name: 'b' }] });
  const after = snapshotOf({ containers: [{ name: 'a' }, { name: 'b', container: { image: 'new' } }] });
  const next = applyPatch(before, diffSnapshots(before, after) ?? expect.fail('no patch'));
  expect(next.processes).toBe(before.processes);
  expect(next.namespaces).toBe(before.namespaces);
});

test('changes one after the other, and two from one moment, give what each leads to', () => {
  fc.assert(
    fc.property(fc.array(sketch, { minLength: 2, maxLength: 6 }), (all) => {
      let now = all[0] ?? expect.fail('none');
      for (const next of all.slice(1)) {
        // Another change of the same moment that comes to nothing.
        for (const other of all) {
          const patch = diffSnapshots(now, other);
          if (patch !== null) expect(applyPatch(now, patch)).toEqual(other);
        }
        const patch = diffSnapshots(now, next);
        if (patch !== null) now = applyPatch(now, patch);
        expect(now).toEqual(next);
      }
    }),
  );
});

test('nothing changed is no patch', () => {
  const snapshot = snapshotOf({ containers: [{ name: 'a' }] });
  expect(diffSnapshots(snapshot, { ...snapshot, takenAt: '2026-01-01T00:00:09.000Z' })).toBeNull();
});

test('a pid that was reused is another process', () => {
  const before = snapshotOf({ containers: [{ name: 'a' }] });
  const after = snapshotOf({ containers: [{ name: 'a', process: { startTime: 9_999 } }] });
  const patch = diffSnapshots(before, after) ?? expect.fail('no patch');
  expect(patch.processes.remove).toEqual([]);
  expect(applyPatch(before, patch)).toEqual(after);
});
