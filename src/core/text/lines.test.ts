import { expect, it } from 'vitest';
import { createLineReader } from './lines.ts';

it('gives lines in any chunking, and an empty one too', () => {
  const read = createLineReader(10);
  expect(['ab', 'c\n\nd', 'e\nf', ''].map(read)).toEqual([[], ['abc', ''], ['de'], []]);
  expect(read('\n')).toEqual(['f']);
});

it('tells once of a line that is too long, and reads the next', () => {
  const read = createLineReader(4);
  expect(['123', '45', '678', '9\nnext\n'].map(read)).toEqual([[], [null], [], ['next']]);
  expect(read('1234\n12345\nok\n')).toEqual(['1234', null, 'ok']);
});
