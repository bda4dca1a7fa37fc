import { expect, it } from 'vitest';
import { languageOf } from './language.ts';

it('speaks the language that was chosen, else that of the locale, as gettext reads it', () => {
  const of = (env: Record<string, string>, language: 'system' | 'en' | 'zh-CN' = 'system') =>
    languageOf({ language }, { env });
  expect(of({ LANG: 'zh_CN.UTF-8' })).toBe('zh-CN');
  expect(of({ LANG: 'zh_CN.UTF-8', LC_ALL: 'en_US.UTF-8' })).toBe('en');
  expect(of({ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN' })).toBe('zh-CN');
  expect(of({ LANG: 'de_DE.UTF-8', LANGUAGE: 'de:zh_CN:en' })).toBe('zh-CN');
  expect(of({ LANG: 'C.UTF-8', LANGUAGE: 'zh_CN' })).toBe('en');
  expect(of({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).toBe('en');
  expect(of({ LANG: 'de_DE.UTF-8' })).toBe('en');
  expect(of({ LANG: 'zh_CN.UTF-8' }, 'en')).toBe('en');
  expect(of({}, 'zh-CN')).toBe('zh-CN');
});
