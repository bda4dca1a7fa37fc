import { expect, test } from 'vitest';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { type FileAnswer, gatherAnswer, messagesOf } from './read-file.ts';

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

test('a refusal comes alone', () => {
  const answer: FileAnswer = { ok: false, reason: 'It is empty.' };
  expect(told(answer).answers).toEqual([answer]);
});
