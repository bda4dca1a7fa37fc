import { afterEach, expect, it } from 'vitest';
import { setLanguage } from '#core/words/language.ts';
import { age, ago, clock, dateTime, timeOfDay } from './words.ts';

afterEach(() => setLanguage('en'));

const MOMENT = '2026-11-26T23:30:05.678Z';

it('tells times in the zone of whoever looks, and says which one it is', () => {
  expect(dateTime(MOMENT, 'Europe/Berlin')).toBe('27 Nov 2026, 00:30:05 CET');
  expect(dateTime(MOMENT, 'Asia/Shanghai')).toBe('27 Nov 2026, 07:30:05 GMT+8');
  expect(dateTime(MOMENT, 'UTC')).toBe('26 Nov 2026, 23:30:05 UTC');
  expect(clock(Date.parse(MOMENT), 'Europe/Berlin')).toBe('00:30:05 CET');
});

it('tells the time alone in either language, wherever that has the zone', () => {
  const at = Date.parse(MOMENT);
  expect(timeOfDay(at, 'Asia/Shanghai')).toBe('07:30:05');
  setLanguage('zh-CN');
  expect(timeOfDay(at, 'Asia/Shanghai')).toBe('07:30:05');
  expect(clock(at, 'Asia/Shanghai')).toBe('GMT+8 07:30:05');
  expect(dateTime(MOMENT, 'Asia/Shanghai')).toBe('2026年11月27日 GMT+8 07:30:05');
});

it('says how old something is in either language', () => {
  expect([ago(0), ago(5_000), ago(150_000), age(7_200_000), age(-5)]).toEqual([
    'now',
    '5 s ago',
    '2 min ago',
    '2 h',
    '0 s',
  ]);
  setLanguage('zh-CN');
  expect([ago(0), ago(5_000), ago(150_000), age(200_000_000)]).toEqual(['刚刚', '5 秒前', '2 分钟前', '2 天']);
});

it('leaves what is no time as it is', () => {
  expect(dateTime('yesterday')).toBe('yesterday');
});
