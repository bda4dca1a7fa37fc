import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { snapshotOf } from './build.testing.ts';
import { decodeSnapshot, decodeSnapshotFile, encodeSnapshot, LARGEST_SNAPSHOT_BYTES } from './decode.ts';
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

describe('a file', () => {
  const snapshot = snapshotOf({ containers: [{ name: 'größe 数据' }] });
  const text = encodeSnapshot(snapshot);
  const read = (bytes: Uint8Array) =>
    decodeSnapshotFile(bytes, (part, encoding) => new TextDecoder(encoding, { fatal: true }).decode(part));
  const swapped = (bytes: Buffer) => Buffer.from(bytes).swap16();

  test.each([
    ['UTF-8', Buffer.from(text)],
    ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${text}`)],
    ['UTF-16 as PowerShell writes it', Buffer.from(`\ufeff${text}`, 'utf16le')],
    ['UTF-16 the other way round', swapped(Buffer.from(`\ufeff${text}`, 'utf16le'))],
    ['UTF-16 without a mark', Buffer.from(text, 'utf16le')],
  ])('is read in %s', (_name, bytes) => {
    expect(read(bytes)).toEqual({ ok: true, snapshot });
  });

  test('that is no text, or too large, is refused with what to do', () => {
    expect(read(Uint8Array.of(0x7b, 0xff, 0xff))).toMatchObject({
      message: expect.stringContaining('not text in UTF-8'),
    });
    expect(read(new Uint8Array(LARGEST_SNAPSHOT_BYTES + 1))).toMatchObject({
      message: expect.stringContaining('256 are the limit'),
    });
  });

  test.each([
    ['a million levels', '['.repeat(1_000_000), 'levels deep'],
    ['a million levels, closed', `${'{"a":'.repeat(1_000_000)}1${'}'.repeat(1_000_000)}`, 'levels deep'],
    ['ten million objects', `[${'{},'.repeat(10_000_000)}{}]`, 'million objects'],
    ['too many values', `[${'1,'.repeat(41_000_000)}1]`, 'million values'],
  ])('of %s is refused before it takes the memory', (_name, deep, reason) => {
    // As a file's text is, in one piece: a repeated text is put together when it is first read.
    const flat = Buffer.from(deep).toString();
    const before = process.memoryUsage().heapUsed;
    expect(decodeSnapshot(flat)).toMatchObject({ ok: false, message: expect.stringContaining(reason) });
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(64 * 1024 * 1024);
  });

  test('may hold brackets and quotes in its names', () => {
    const odd = snapshotOf({ containers: [{ name: `${'['.repeat(200)}"\\` }] });
    expect(decodeSnapshot(encodeSnapshot(odd))).toEqual({ ok: true, snapshot: odd });
  });
});

test('the published schema is the one that is used', async () => {
  const schema = z.toJSONSchema(snapshotSchema, { target: 'draft-2020-12', io: 'input' });
  await expect(`${JSON.stringify(schema, null, 2)}\n`).toMatchFileSnapshot('../../../docs/snapshot-1.schema.json');
});
