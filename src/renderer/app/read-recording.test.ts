import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { block, recordingHead } from '#core/recording/blocks.ts';
import { encodeEntry } from '#core/recording/recording.ts';
import {
  beginTimeline,
  changeTimes,
  entriesOf,
  liveBounds,
  recordSnapshot,
  recordTold,
} from '#core/recording/timeline.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import { readBytes } from './read-file.ts';
import { readRecording } from './read-recording.ts';

const at = (second: number, names: readonly string[]) => ({
  ...snapshotOf({ containers: names.map((name) => ({ name })) }),
  takenAt: new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString(),
});

function recorded() {
  const begun = recordSnapshot(beginTimeline(at(0, ['a']), liveBounds(10)), at(10, ['a', 'b']));
  const event = { at: at(15, []).takenAt, what: 'started' as const, container: idOf('x'), name: 'x', detail: '' };
  return recordSnapshot(recordTold(begun, event), at(20, ['b']));
}

function fileOf(texts: readonly string[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.concat([recordingHead(), ...texts.map((text) => block(gzipSync(text)))]));
}

const TEXTS = [...entriesOf(recorded())].map(encodeEntry);

it('gives back what was recorded', async () => {
  const { timeline, problem } = await readRecording(fileOf(TEXTS));
  expect(problem).toBeNull();
  expect(timeline?.newest).toEqual(recorded().newest);
  expect(timeline?.happenings).toEqual(recorded().happenings);
});

it('wherever it is cut off, what is whole is shown, and what is missing said', async () => {
  const bytes = fileOf(TEXTS);
  const lengths = new Set<number>();
  for (let length = 12; length < bytes.length; length += 7) {
    const { timeline, problem } = await readRecording(bytes.slice(0, length));
    const moments = timeline === null ? 0 : changeTimes(timeline).length;
    lengths.add(moments);
    if (length > 12 && moments < 3) expect(problem, `${length} bytes`).toMatch(/cut off|^null$/);
  }
  expect([...lengths]).toEqual([0, 1, 2]);
});

it.each([
  ['no gzip', (file: Uint8Array) => file.fill(7, 20), /part 1 is damaged/],
  ['another version', (file: Uint8Array) => file.fill(9, 11, 12), /Update Bulkhead/],
  [
    'a moment without a time',
    () => fileOf([encodeEntry({ type: 'snapshot', snapshot: { ...at(0, []), takenAt: 'x' } })]),
    /has no time/,
  ],
  ['a change of nothing', () => fileOf(TEXTS.slice(1)), /there is nothing before it/],
  ['no moment', () => fileOf([]), /holds no moment/],
] as const)('%s is refused with the reason', async (_, damage, reason) => {
  const answer = await readBytes(damage(fileOf(TEXTS)) as Uint8Array<ArrayBuffer>);
  expect(answer).toEqual({ ok: false, reason: expect.stringMatching(reason) });
});

it('a part that unpacks to more than any snapshot ends it before that part', async () => {
  const bomb = block(gzipSync(Buffer.alloc(300 * 1024 * 1024)));
  const { timeline, problem } = await readRecording(new Uint8Array(Buffer.concat([fileOf(TEXTS), bomb])));
  expect(timeline?.newest).toEqual(recorded().newest);
  expect(problem).toMatch(/larger than what the app unpacks/);
});
