import { expect, test } from 'vitest';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { encodeSnapshot } from '#core/snapshot/decode.ts';
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

test('a refusal comes alone', () => {
  const answer: FileAnswer = { ok: false, reason: 'It is empty.' };
  expect(told(answer).answers).toEqual([answer]);
});
