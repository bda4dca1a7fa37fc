import { expect, it } from 'vitest';
import { clock, dateTime } from './words.ts';

const MOMENT = '2026-11-26T23:30:05.678Z';

it('tells times in the zone of whoever looks, and says which one it is', () => {
  expect(dateTime(MOMENT, 'Europe/Berlin')).toBe('27 Nov 2026, 00:30:05 CET');
  expect(dateTime(MOMENT, 'Asia/Shanghai')).toBe('27 Nov 2026, 07:30:05 GMT+8');
  expect(dateTime(MOMENT, 'UTC')).toBe('26 Nov 2026, 23:30:05 UTC');
  expect(clock(Date.parse(MOMENT), 'Europe/Berlin')).toBe('00:30:05 CET');
});

it('leaves what is no time as it is', () => {
  expect(dateTime('yesterday')).toBe('yesterday');
});
