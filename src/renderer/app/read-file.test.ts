import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { block, recordingHead } from '#core/recording/blocks.ts';
import { encodeEntry } from '#core/recording/recording.ts';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { encodeSnapshot } from '#core/snapshot/decode.ts';
import { collected, netDetail } from '#core/snapshot/details.testing.ts';
import { doneOf, type FileAnswer, gatherAnswer, messagesOf, readBytes } from './read-file.ts';

/** As a worker's messages arrive, and how many records each has. */
function told(answer: FileAnswer): { readonly sizes: number[]; readonly answers: (FileAnswer | null)[] } {
  const gather = gatherAnswer();
  const messages = [...messagesOf(answer)].map((message) => structuredClone(message));
  const sizes = messages.map((message) => (message.type === 'records' ? message.records.length : 0));
  return { sizes, answers: messages.map(gather) };
}

test('a large snapshot comes in pieces and is the same', () => {
  const containers = Array.from({ length: 1_500 }, (_, index) => ({ name: `c${index}` }));
  const answer: FileAnswer = { ok: true, snapshot: snapshotOf({ containers }), timeline: null, problem: null };
  const { sizes, answers } = told(answer);
  expect(Math.max(...sizes)).toBe(1_000);
  expect(answers.at(-1)).toEqual(answer);
  expect(answers.slice(0, -1).every((each) => each === null)).toBe(true);
});

test('how far it is only grows, up to all of it', async () => {
  const containers = Array.from({ length: 1_500 }, (_, index) => ({ name: `c${index}` }));
  const bytes = new TextEncoder().encode(encodeSnapshot(snapshotOf({ containers })));
  const told: number[] = [];
  const answer = await readBytes(bytes, (progress) => told.push(doneOf(progress)));
  for (const message of messagesOf(answer)) if (message.type === 'progress') told.push(doneOf(message));
  expect(told.length).toBeGreaterThan(4);
  expect(told).toEqual(told.toSorted((a, b) => a - b));
  expect(told[0]).toBeGreaterThan(0);
  expect(told.at(-1)).toBe(1);
});

test('a recording of one moment is a snapshot, with its details; two moments are a recording', async () => {
  const made = snapshotOf({ containers: [{ name: 'then' }] });
  const snapshot = { ...made, details: collected({ 'net:[4026531840]': netDetail() }) };
  const entry = (takenAt: string): Uint8Array =>
    block(gzipSync(encodeEntry({ type: 'snapshot', snapshot: { ...snapshot, takenAt } })));
  const first = entry(snapshot.takenAt);
  const later = entry(new Date(Date.parse(snapshot.takenAt) + 5_000).toISOString());
  const file = (...blocks: Uint8Array[]) => new Uint8Array(Buffer.concat([recordingHead(), ...blocks]));
  const one = await readBytes(file(first));
  expect(one).toMatchObject({ ok: true, timeline: null, problem: null });
  expect(one.ok && one.snapshot.details).toEqual(snapshot.details);
  expect(await readBytes(file(first, later))).toMatchObject({ ok: true, timeline: { newest: { details: {} } } });
  // What is cut off may have been more moments.
  expect(await readBytes(file(first, later.subarray(0, 20)))).toMatchObject({ ok: true, timeline: {}, problem: /cut/ });
});

test('a refusal comes alone', () => {
  const answer: FileAnswer = { ok: false, reason: 'It is empty.' };
  expect(told(answer).answers).toEqual([answer]);
});
