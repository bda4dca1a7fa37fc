import fc from 'fast-check';
import { expect, it } from 'vitest';
import { diffSnapshots } from '../diff/diff.ts';
import { snapshotOf } from '../snapshot/build.testing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { block, blocksOf, isRecording, recordingHead } from './blocks.ts';
import { decodeRecording, durationOf, type Entry, encodeEntry, momentAt, momentsOf, snapshotAt } from './recording.ts';

const at = (seconds: number, names: readonly string[]): Snapshot => ({
  ...snapshotOf({ containers: names.map((name) => ({ name })) }),
  takenAt: new Date(Date.UTC(2026, 0, 1, 12, 0, seconds)).toISOString(),
});
const SNAPSHOTS = [at(0, ['a']), at(10, ['a', 'b']), at(20, ['b']), at(30, ['b', 'c'])];

function entries(): Entry[] {
  return SNAPSHOTS.map((snapshot, index): Entry => {
    const before = SNAPSHOTS[index - 1];
    const patch = before === undefined || index === 2 ? null : diffSnapshots(before, snapshot);
    return patch === null ? { type: 'snapshot', snapshot } : { type: 'change', patch };
  });
}
const recording = (texts = entries().map(encodeEntry), cut = false) => decodeRecording(texts, cut);

it('gives every moment back as it was', () => {
  const read = recording();
  expect(read.problem).toBeNull();
  expect(momentsOf(read)).toEqual(SNAPSHOTS.map(({ takenAt }) => takenAt));
  SNAPSHOTS.forEach((snapshot, index) => {
    expect(snapshotAt(read, index)).toEqual(snapshot);
  });
});

it('finds the moment that was true at a time, and says what a time may be', () => {
  const read = recording();
  for (const [time, index] of [
    ['0s', 0],
    ['9s', 0],
    ['10s', 1],
    ['2026-01-01T12:00:25Z', 2],
    ['30s', 3],
  ] as const) {
    expect(momentAt(read, time)).toBe(index);
  }
  expect(momentAt(read, '2m')).toMatch(/after the recording.*12:00:30/);
  expect(momentAt(read, '2025-01-01T00:00:00Z')).toMatch(/before the recording/);
  expect(momentAt(read, 'noon')).toMatch(/is not a time\. Write one as/);
  expect(durationOf('10m')).toBe(600_000);
  expect(durationOf('10')).toBeNull();
});

it('a damaged part ends the recording before it, and that is said', () => {
  const texts = entries().map(encodeEntry);
  const damaged = [...texts.slice(0, 2), '{"type":"snapshot","snapshot":{}}', ...texts.slice(3)];
  expect(recording(damaged)).toMatchObject({ problem: expect.stringContaining('part 3') });
  expect(recording(damaged).entries).toHaveLength(2);
  expect(recording(texts.slice(1)).entries).toHaveLength(0);
  expect(recording(texts, true).problem).toMatch(/cut off/);
});

it('whatever is cut off, the blocks before it are whole', () => {
  const parts = [new Uint8Array([1, 2, 3]), new Uint8Array([]), new Uint8Array([4])];
  const whole = [recordingHead(), ...parts.map(block)];
  const bytes = new Uint8Array(whole.flatMap((part) => [...part]));
  expect(isRecording(bytes)).toBe(true);
  expect(blocksOf(bytes)).toEqual({ blocks: parts, whole: bytes.length });
  fc.assert(
    fc.property(fc.nat({ max: bytes.length }), (length) => {
      const { blocks, whole: upTo } = blocksOf(bytes.subarray(0, length));
      expect(upTo).toBeLessThanOrEqual(length);
      expect(parts.slice(0, blocks.length)).toEqual(blocks);
    }),
  );
  const newer = bytes.slice();
  newer[11] = 2;
  expect(() => blocksOf(newer)).toThrow(/version 2.*Update Bulkhead/);
});
