import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { width } from '../../src/cli/text.ts';
import { describeWith } from '../support/require.ts';

const PROGRAM = 'out/cli/bulkhead.js';
const DEMO = 'resources/demo-snapshot.json';
const HAN = /\p{Script=Han}/u;

const CHINESE = { LANG: 'zh_CN.UTF-8' };
const ENGLISH = { LANG: 'C' };

/** What is answered from a file or the recording; each has `--json`. */
const ANSWERS: readonly (readonly string[])[] = [
  ['scan', '--endpoint', 'demo'],
  ['shared', '--endpoint', 'demo', '--all'],
  ['check', DEMO],
  ['check', '--fail-on', 'danger', DEMO],
  ['isolation', '--snapshot', DEMO],
  ['isolation', 'redis', '--snapshot', DEMO],
  ['why', 'billing-app', 'billing-envoy', '--snapshot', DEMO],
  ['why', 'billing-app', 'host', '--snapshot', DEMO],
  ['inspect', 'billing-app', '--snapshot', DEMO],
  ['reach', 'outside', ':8080', '--snapshot', DEMO],
  ['reach', 'billing-app', 'redis:6379', '--snapshot', DEMO],
  ['find', 'billing-app', '--snapshot', DEMO],
  ['find', 'nothing-is-called-so', '--snapshot', DEMO],
  ['diff', DEMO, DEMO],
];

const WRONG: readonly (readonly string[])[] = [
  ['scan', '--endpoint', 'nowhere'],
  ['scan', '--context', 'nowhere'],
  ['scan', '--columns', 'wrong', '--endpoint', 'demo'],
  ['scan', '--filter', 'wrong', '--endpoint', 'demo'],
  ['scan', '--jsno'],
  ['scna'],
  ['why', 'nobody', '--snapshot', DEMO],
  ['isolation', 'nobody', '--snapshot', DEMO],
  ['inspect', 'nobody', '--snapshot', DEMO],
  ['reach', 'nobody', ':8080', '--snapshot', DEMO],
  ['reach', 'outside', ':8080', '--try', '--snapshot', DEMO],
  ['check', 'no-such-file.json'],
  ['check', 'package.json'],
  ['check', '--fail-on', 'everything', DEMO],
  ['export', '--format', 'csv', '--view', 'levels', DEMO],
  ['serve', '--port', 'x'],
];

describeWith('the language of the command line', { files: [PROGRAM] }, () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-language-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function bulkhead(env: Readonly<Record<string, string>>, ...args: string[]) {
    const { status, stdout, stderr } = spawnSync(process.execPath, [PROGRAM, ...args], {
      env: { PATH: process.env.PATH, HOME: folder, ...env },
      encoding: 'utf8',
    });
    return { code: status, out: stdout, err: stderr };
  }

  describe.each(ANSWERS.map((args) => [args.join(' '), args] as const))('%s', (_name, args) => {
    it('speaks Chinese to people, and answers programs with the same bytes', () => {
      const english = bulkhead(ENGLISH, ...args);
      const chinese = bulkhead(CHINESE, ...args);
      expect(chinese.code).toBe(english.code);
      expect(english.out + english.err).not.toMatch(HAN);
      expect(chinese.out + chinese.err).toMatch(HAN);
      const json = bulkhead(CHINESE, ...args, '--json');
      expect(json).toEqual(bulkhead(ENGLISH, ...args, '--json'));
      expect(json.code).toBe(english.code);
      if (json.out !== '') JSON.parse(json.out);
    });
  });

  it.each(WRONG.map((args) => [args.join(' '), args] as const))('complains in Chinese: %s', (_name, args) => {
    const english = bulkhead(ENGLISH, ...args);
    const chinese = bulkhead(CHINESE, ...args);
    expect(chinese.code).toBe(english.code);
    expect(chinese.code).not.toBe(0);
    expect(english.err).not.toMatch(HAN);
    expect(chinese.err).toMatch(HAN);
    expect(chinese.out).toBe('');
  });

  it.each([
    ['scan', '--endpoint', 'demo', '--columns', 'container,net,ipc,user,image'],
    ['shared', '--endpoint', 'demo', '--columns', 'kind,member,why'],
    ['isolation', '--snapshot', DEMO],
    ['find', 'shop', '--snapshot', DEMO],
  ])('%s: columns stand below their headings, which are the names that --columns takes', (...args) => {
    const { out } = bulkhead(CHINESE, ...args);
    const [head = '', ...rows] = out.trimEnd().split('\n');
    expect(head).not.toMatch(HAN);
    expect(rows.length).toBeGreaterThan(5);
    const starts = [...head.matchAll(/(?<= {2})\S/g)].map(({ index }) => index);
    expect(starts.length).toBeGreaterThan(1);
    for (const row of rows) {
      for (const start of starts) {
        // What comes before a column takes exactly its width, and ends with the two spaces between columns.
        let before = '';
        for (const character of row) {
          if (width(before) >= start) break;
          before += character;
        }
        if (before === row) continue;
        expect({ row, at: width(before), gap: before.slice(-2) }).toEqual({ row, at: start, gap: '  ' });
      }
    }
  });

  it('helps in Chinese', () => {
    for (const args of [['--help'], ['scan', '--help'], ['help', 'reach']]) {
      const { code, out } = bulkhead(CHINESE, ...args);
      expect(code).toBe(0);
      expect(out).toMatch(/^用法：bulkhead/);
    }
    expect(bulkhead(CHINESE).err).toMatch(/^用法：bulkhead[\s\S]*退出码：/);
    expect(bulkhead(CHINESE, '--version')).toEqual(bulkhead(ENGLISH, '--version'));
  });

  it('writes the same files for other programs', () => {
    for (const args of [
      ['export', '--format', 'json', DEMO],
      ['export', '--format', 'csv-containers', DEMO],
      ['completion', 'fish'],
    ]) {
      const chinese = bulkhead(CHINESE, ...args);
      expect(chinese.out).toBe(bulkhead(ENGLISH, ...args).out);
      expect(chinese.out.length).toBeGreaterThan(1_000);
    }
  });

  it('is the one of the settings, else of LANGUAGE, LC_ALL, LC_MESSAGES and LANG', () => {
    const speaks = (env: Readonly<Record<string, string>>) =>
      HAN.test(bulkhead(env, '--help').out) ? 'Chinese' : 'English';
    expect(speaks({ LANG: 'en_US.UTF-8' })).toBe('English');
    expect(speaks({ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN.UTF-8' })).toBe('Chinese');
    expect(speaks({ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' })).toBe('English');
    expect(speaks({ LANG: 'en_US.UTF-8', LANGUAGE: 'zh_CN:en' })).toBe('Chinese');
    expect(speaks({ LANG: 'C', LANGUAGE: 'zh_CN:en' })).toBe('English');
    const config = join(folder, 'config');
    mkdirSync(join(config, 'bulkhead'), { recursive: true });
    const chosen = (language: string, lang: string) => {
      writeFileSync(join(config, 'bulkhead', 'settings.json'), JSON.stringify({ language }));
      return speaks({ LANG: lang, XDG_CONFIG_HOME: config });
    };
    expect(chosen('zh-CN', 'C')).toBe('Chinese');
    expect(chosen('en', 'zh_CN.UTF-8')).toBe('English');
    expect(chosen('system', 'zh_CN.UTF-8')).toBe('Chinese');
  });
});
