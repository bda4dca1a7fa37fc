import { afterEach, expect, it } from 'vitest';
import type { DetailOf } from '../detail/detail.ts';
import { setLanguage } from '../words/language.ts';
import { routeTo } from './reach-route.ts';

afterEach(() => setLanguage('en'));

const NET: DetailOf<'net'> = {
  kind: 'net',
  links: [],
  routes: [],
  rules: [],
  waysOut: [],
  nat: [],
  listening: [],
  connected: 0,
  notes: [],
};

it('knows no way where routes or rules were not read whole, whatever language the notes are in', () => {
  setLanguage('zh-CN');
  const routed = (part: Partial<DetailOf<'net'>>) => routeTo({ ...NET, ...part }, '10.0.0.1');
  expect(routed({}).type).toBe('none');
  expect(routed({ incomplete: ['links', 'addresses'] }).type).toBe('none');
  expect(routed({ incomplete: ['routes'], notes: ['未能读取全部路由。'] })).toEqual({
    type: 'unknown',
    text: '未能读取全部路由。',
  });
  expect(routed({ incomplete: ['rules'] }).type).toBe('unknown');
  // Of an older version: in words alone.
  expect(routed({ notes: ['Not all routes could be read.'] })).toEqual({
    type: 'unknown',
    text: '未能读取全部路由。',
  });
});
