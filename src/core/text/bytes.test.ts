import { expect, it } from 'vitest';
import { bytesText } from './bytes.ts';

it('says bytes as people do', () => {
  expect([0, 1023, 1024, 1536 * 1024, 200 * 1024 ** 3].map(bytesText)).toEqual([
    '0 B',
    '1023 B',
    '1.0 KiB',
    '1.5 MiB',
    '200 GiB',
  ]);
});
