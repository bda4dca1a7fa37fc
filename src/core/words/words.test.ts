import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { IntlMessageFormat } from 'intl-messageformat';
import ts from 'typescript';
import { afterEach, describe, expect, it } from 'vitest';
import { setLanguage, spoken } from './language.ts';
import { afterColon, and, commas, counted, type Message, or, parts, say, saying, sentences, t } from './words.ts';
import { zhCn } from './zh-cn/zh-cn.ts';

const src = fileURLToPath(new URL('../../', import.meta.url));
const catalogues = fileURLToPath(new URL('./zh-cn/', import.meta.url));

afterEach(() => setLanguage('en'));

/** Every literal text of the program, its tests and the catalogues left out. */
function literals(): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of readdirSync(src, { recursive: true }).map(String)) {
    if (
      !/\.(tsx?|mjs)$/.test(name) ||
      /\.test\.tsx?$/.test(name) ||
      name.replaceAll('\\', '/').includes('words/zh-cn/')
    ) {
      continue;
    }
    const visit = (node: ts.Node): void => {
      if (ts.isStringLiteralLike(node)) found.add(node.text);
      ts.forEachChild(node, visit);
    };
    visit(ts.createSourceFile(name, readFileSync(`${src}/${name}`, 'utf8'), ts.ScriptTarget.Latest, true));
  }
  return found;
}

/** The names of all values of a message, with its marks. */
function valuesOf(message: string): readonly string[] {
  type Element = {
    readonly type: number;
    readonly value: string;
    readonly options?: Record<string, { value: Element[] }>;
    readonly children?: Element[];
  };
  const names = new Set<string>();
  const visit = (elements: readonly Element[]): void => {
    for (const { type, value, options, children } of elements) {
      // 0 is a literal, 7 the number within a plural.
      if (type !== 0 && type !== 7) names.add(type === 8 ? `<${value}>` : value);
      for (const option of Object.values(options ?? {})) visit(option.value);
      visit(children ?? []);
    }
  };
  // Marks are read where both texts have them: a text of the command line has <names> that are none.
  const tags = /<\/\w+>/.test(message);
  visit(new IntlMessageFormat(message, 'en', undefined, { ignoreTag: !tags }).getAst() as unknown as Element[]);
  return [...names].sort();
}

it('a message that is put together at once says what the library of messages would say', () => {
  for (const message of Object.keys(zhCn)) {
    const names = valuesOf(message).filter((name) => !name.startsWith('<'));
    if (names.length === 0) continue;
    const english = new IntlMessageFormat(message.replace(/ ?⟨[^⟩]*⟩$/, ''), 'en', undefined, { ignoreTag: true });
    for (const value of [0, 4_000, 'a {b} <c>', '']) {
      const values = Object.fromEntries(names.map((name) => [name, value]));
      let wanted: unknown;
      try {
        wanted = english.format(values);
      } catch {
        // Where a number is counted, text is refused.
        continue;
      }
      expect(say({ message: message as Message, values })).toBe(String(wanted));
    }
  }
});

it('counts have their thousands apart', () => {
  expect([0, 999, 1_000, 20_000, 1.5, -1_234].map(counted)).toEqual(['0', '999', '1,000', '20,000', '1.5', '-1,234']);
});

describe('the catalogue', () => {
  const entries = Object.entries(zhCn);

  it('has nothing that is not said any more', () => {
    const said = literals();
    expect(entries.map(([message]) => message).filter((message) => !said.has(message))).toEqual([]);
  });

  it('has a count with its thousands apart, and no name that is a number so', () => {
    // What is kept in English is read back by its pattern.
    const kept = readFileSync(`${src}/core/words/stored.ts`, 'utf8');
    const plain = entries.filter(
      ([message, chinese]) => /\{(n|count|shown)\}/.test(message + chinese) && !kept.includes(`'${message}'`),
    );
    expect(plain).toEqual([]);
    expect(entries.filter(([message]) => /\{(pid|uid|gid|port|code), number\}/.test(message))).toEqual([]);
    expect(t('{n, number} found', { n: 20_000 })).toBe('20,000 found');
    setLanguage('zh-CN');
    expect([t('{n, number} found', { n: 20_000 }), counted(20_000)]).toEqual(['找到 20,000 个', '20,000']);
  });

  it('says each message once', () => {
    const seen = new Map<string, string>();
    const twice: string[] = [];
    for (const file of readdirSync(catalogues)) {
      const source = ts.createSourceFile(
        file,
        readFileSync(`${catalogues}/${file}`, 'utf8'),
        ts.ScriptTarget.Latest,
        true,
      );
      const visit = (node: ts.Node): void => {
        if (ts.isPropertyAssignment(node) && (ts.isStringLiteralLike(node.name) || ts.isIdentifier(node.name))) {
          const first = seen.get(node.name.text);
          if (first !== undefined) twice.push(`${node.name.text}: in ${first} and ${file}`);
          seen.set(node.name.text, file);
        }
        ts.forEachChild(node, visit);
      };
      visit(source);
    }
    expect(twice).toEqual([]);
  });

  it('puts into each message the values that the English has, and no others', () => {
    const wrong = entries.filter(([message, chinese]) => `${valuesOf(message)}` !== `${valuesOf(chinese)}`);
    expect(wrong).toEqual([]);
  });

  it('writes a number as the English does: a plural groups its digits', () => {
    const ungrouped = entries.flatMap(([message, chinese]) =>
      [...message.matchAll(/\{(\w+), plural,[^#]*?#/g)]
        .filter(([, name]) => chinese.includes(`{${name}}`))
        .map(() => message),
    );
    expect(ungrouped).toEqual([]);
  });

  it('leaves no message empty, and no space at an end that the English does not have', () => {
    const ends = (text: string) => [/^\s/.test(text), /\s$/.test(text)].join();
    expect(entries.filter(([, chinese]) => chinese.trim() === '')).toEqual([]);
    expect(
      entries.filter(([message, chinese]) => ends(chinese) !== 'false,false' && ends(message) === 'false,false'),
    ).toEqual([]);
  });
});

it('speaks the first language of the user that it knows', () => {
  expect(spoken(['zh_CN.UTF-8'])).toBe('zh-CN');
  expect(spoken(['zh-Hans-SG', 'en'])).toBe('zh-CN');
  expect(spoken(['de-DE', 'fr', 'zh'])).toBe('zh-CN');
  expect(spoken(['en-GB', 'zh-CN'])).toBe('en');
  expect(spoken(['tlh', ''])).toBe('en');
  expect(spoken([])).toBe('en');
});

it('lists as each language does', () => {
  expect([commas(['mnt', 'pid']), and(['mnt', 'pid', 'net']), or(['mnt', 'pid'])]).toEqual([
    'mnt, pid',
    'mnt, pid and net',
    'mnt or pid',
  ]);
  expect(sentences('One.', null, '', 'Two.')).toBe('One. Two.');
  setLanguage('zh-CN');
  expect([commas(['mnt', 'pid']), and(['mnt', 'pid', 'net']), or(['mnt', 'pid'])]).toEqual([
    'mnt、pid',
    'mnt、pid和net',
    'mnt或pid',
  ]);
  expect(sentences('一。', '二。')).toBe('一。二。');
});

it('says a message in the language of now, and leaves what is put in as it is', () => {
  expect(t('Close')).toBe('Close');
  setLanguage('zh-CN');
  expect(t('Close')).toBe('关闭');
});

it('leaves out the space beside a value that is Chinese itself', () => {
  setLanguage('zh-CN');
  const chinese = { '{here} to {there} by {by}': '从 {here} 到 {there} 的路由（{by}）' };
  Object.assign(zhCn, chinese);
  try {
    const say = t as unknown as (message: string, values: object) => string;
    const route = (here: string, there: string) => say('{here} to {there} by {by}', { here, there, by: 'eth0' });
    expect(route('web1', '10.0.0.1')).toBe('从 web1 到 10.0.0.1 的路由（eth0）');
    expect(route('宿主机', '10.0.0.1')).toBe('从宿主机到 10.0.0.1 的路由（eth0）');
    expect(route('PID 1（systemd）', '10.0.0.1')).toBe('从 PID 1（systemd）到 10.0.0.1 的路由（eth0）');
    expect(route('web1', '我的 卷')).toBe('从 web1 到我的 卷的路由（eth0）');
  } finally {
    for (const message of Object.keys(chinese)) delete (zhCn as Record<string, string>)[message];
  }
});

it('says what was kept in the language of when it is shown', () => {
  const kept = saying('{name} died, exit code {code}', { name: 'web1', code: '137' });
  expect(structuredClone(kept)).toEqual(kept);
  expect(say(kept)).toBe('web1 died, exit code 137');
  setLanguage('zh-CN');
  expect(say(kept)).toBe('web1 已退出，退出码 137');
});

it('reads no mark and no brace in what is put in', () => {
  // Messages of the test's own, which no catalogue has.
  const say = t as unknown as (message: string, values: object) => string;
  const hostile = "<b>{x}</b> # '{";
  expect(say('{name} as it is', { name: hostile })).toBe(`${hostile} as it is`);
  expect(say('{n, plural, one {# hop} other {# hops}}', { n: 2 })).toBe('2 hops');
  expect(t('Open ⟨state⟩' as Message)).toBe('Open');
  const bold = (inner: readonly string[]) => `*${inner.join('')}*`;
  expect(parts<string>('Run <b>{command}</b> now' as never, { command: hostile, b: bold }).join('')).toBe(
    `Run *${hostile}* now`,
  );
});

it('behind a colon a sentence goes on small, and a name keeps its letters', () => {
  expect(afterColon('That is reached from within alone. Let it listen elsewhere.')).toBe(
    'that is reached from within alone. Let it listen elsewhere.',
  );
  for (const text of ['UDP is not refused.', 'Thebes is a container.', 'IPv6 only.', 'A.', 'Docker says so.'])
    expect(afterColon(text)).toBe(text);
});
