import fc from 'fast-check';
import { expect, test } from 'vitest';
import * as z from 'zod';
import { snapshotOf } from './build.testing.ts';
import { decodeSnapshot, encodeSnapshot } from './decode.ts';
import { type Snapshot, snapshotSchema } from './snapshot.ts';

const HOSTILE = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('__proto__', 'constructor', '</script>', '"\n', '\u202e', '\ud800'),
);

const snapshots: fc.Arbitrary<Snapshot> = fc
  .array(fc.record({ name: HOSTILE, image: HOSTILE, label: HOSTILE, argument: HOSTILE, running: fc.boolean() }), {
    maxLength: 6,
  })
  .map((drafts) =>
    snapshotOf({
      containers: drafts.map(({ name, image, label, argument, running }, index) => ({
        name: `${index}${name}`,
        running,
        // As a key it would be the object's prototype; the schema leaves it out.
        container: { image, labels: label === '__proto__' ? {} : { [label]: image } },
        process: { argv: [argument], comm: argument.slice(0, 15) },
      })),
    }),
  );

test('what is saved is read back, whatever things are called', () => {
  fc.assert(
    fc.property(snapshots, (snapshot) => {
      const text = encodeSnapshot(snapshot);
      const decoded = decodeSnapshot(text);
      expect(decoded).toEqual({ ok: true, snapshot: JSON.parse(JSON.stringify(snapshot)) });
      expect(decoded.ok && encodeSnapshot(decoded.snapshot)).toBe(text);
    }),
  );
});

test('a label that would be a prototype is left out and changes nothing', () => {
  const text = encodeSnapshot(snapshotOf({ containers: [{ name: 'web1', container: { labels: { a: 'b' } } }] }));
  const decoded = decodeSnapshot(text.replace('"a": "b"', '"__proto__": {"polluted": "yes"}, "a": "b"'));
  expect(decoded.ok && decoded.snapshot.containers[0]?.labels).toEqual({ a: 'b' });
  expect(({} as { polluted?: string }).polluted).toBeUndefined();
});

test('the order in which a snapshot was built does not show in its text', () => {
  const snapshot = snapshotOf({ containers: [{ name: 'web1' }] });
  const reversed = Object.fromEntries(Object.entries(snapshot).reverse()) as unknown as Snapshot;
  expect(encodeSnapshot(reversed)).toBe(encodeSnapshot(snapshot));
});

test('any text is read or refused with a sentence, and nothing throws', () => {
  const text = encodeSnapshot(snapshotOf({ containers: [{ name: 'web1' }] }));
  const damaged = fc
    .tuple(fc.nat(text.length), fc.nat(40), fc.string())
    .map(([at, length, insert]) => text.slice(0, at) + insert + text.slice(at + length));
  fc.assert(
    fc.property(fc.oneof(damaged, fc.string(), fc.json()), (input) => {
      const decoded = decodeSnapshot(input);
      if (!decoded.ok) expect(decoded.message).toMatch(/^This .*\.$/s);
    }),
  );
});

test('fields that are not known are ignored; a newer version is refused and says what to do', () => {
  const snapshot = snapshotOf({ containers: [] });
  expect(decodeSnapshot(JSON.stringify({ ...snapshot, later: 1 })).ok).toBe(true);
  const newer = decodeSnapshot(JSON.stringify({ ...snapshot, version: 2 }));
  expect(newer).toMatchObject({ ok: false, message: expect.stringContaining('Update Bulkhead') });
});

test('the published schema is the one that is used', async () => {
  const schema = z.toJSONSchema(snapshotSchema, { target: 'draft-2020-12', io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../docs/snapshot-1.schema.json');
});
