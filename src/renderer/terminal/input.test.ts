import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createInput } from './input.ts';

const bytes = (text: string) => new TextEncoder().encode(text);

function recorded(fails: (text: string) => boolean = () => false) {
  const sent: string[] = [];
  const failures: unknown[] = [];
  const input = createInput(
    async (terminal, part) => {
      const text = new TextDecoder().decode(part);
      // The first takes longest: order is not by who is quickest.
      await pause(text.startsWith('a') ? 20 : 0);
      if (fails(text)) throw new Error(text);
      sent.push(`${terminal} ${text}`);
    },
    4,
    (thrown) => failures.push(thrown),
  );
  return { input, sent, failures };
}

it('what is typed before the program runs waits for it, in order, and in parts that are not too long', async () => {
  const { input, sent } = recorded();
  input.type(bytes('abcdef'));
  input.type(bytes('gh'));
  await pause(10);
  expect(sent).toEqual([]);
  input.open('t1');
  input.type(bytes('i'));
  await expect.poll(() => sent).toEqual(['t1 abcd', 't1 ef', 't1 gh', 't1 i']);
});

it('what could not be sent is told, and the rest goes on; with the end nothing is sent or told any more', async () => {
  const { input, sent, failures } = recorded((text) => text === 'b');
  input.open('t1');
  input.type(bytes('b'));
  input.type(bytes('c'));
  await expect.poll(() => sent).toEqual(['t1 c']);
  expect(failures).toEqual([new Error('b')]);
  input.end();
  input.type(bytes('d'));
  const never = recorded();
  never.input.type(bytes('x'));
  never.input.end();
  await pause(30);
  expect([sent, failures.length, never.sent, never.failures]).toEqual([['t1 c'], 1, [], []]);
});
