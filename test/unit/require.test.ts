import { expect, it } from 'vitest';
import { available } from '../support/require.ts';

it('finds what every machine has', () => {
  expect(available({ programs: ['node'], files: [import.meta.filename] })).toEqual({ ok: true, missing: [] });
});

it('names everything that is missing, not only the first', () => {
  expect(available({ programs: ['node', 'no-such-program'], files: ['/no/such/file'] })).toEqual({
    ok: false,
    missing: ['the program no-such-program', 'the file /no/such/file'],
  });
});
