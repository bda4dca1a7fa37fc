import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, expect, it } from 'vitest';
import { inEnglish, setLanguage } from '../../words/language.ts';
import { commas, t } from '../../words/words.ts';
import { ruleReply, rulesOf, waysOutOf } from '../routes.ts';
import { ANY, type Condition, choiceText, words } from './condition.ts';
import { conditionText, isText, maskText, restTexts } from './condition-texts.ts';
import { connectionField, fieldName, statusNames } from './fields.ts';
import { outside, unreadSet } from './lookup.ts';
import { rangesOf } from './ranges.ts';
import { storedRule } from './stored-rule.ts';
import { xtMatch } from './xt.ts';

afterEach(() => setLanguage('en'));

/** What is said in Chinese at once, and what was saved in English, are the same words. */
function expectSame(say: () => readonly string[]): void {
  setLanguage('zh-CN');
  expect(inEnglish(say).map(storedRule)).toEqual(say());
}

const some = (...values: number[]) => rangesOf(values.map((each) => [BigInt(each), BigInt(each)] as const));
const tcp = (): Condition => ({
  ...ANY,
  family: 4,
  numbers: {
    protocol: some(6),
    dport: rangesOf([[81n, 90n]]),
    saddr: rangesOf([
      [0n, 9n],
      [12n, 0xffffffffn],
    ]),
  },
});
const marked = (): Condition => ({ ...ANY, numbers: { mark: some(1, 7), state: some(0, 1, 3) } });

it('says what a rule of translation asks', () => {
  expectSame(() => restTexts({ ...marked(), share: 0.5 }));
  expectSame(() => restTexts({ ...ANY, numbers: { flags: some(2), kind: some(1, 3) } }));
  expectSame(() => restTexts({ ...ANY, numbers: { translated: some(1), sport: some(53, 99) } }));
  expectSame(() => restTexts({ ...ANY, marks: [{ mask: 15, value: 3, not: true }] }));
  expectSame(() =>
    restTexts({ ...ANY, except: [tcp(), marked(), { ...ANY, links: { iif: { not: true, of: ['a', 'b'] } } }] }),
  );
  expectSame(() => restTexts(words(t('no more often than a limit'), t('from a socket here'))));
  expectSame(() => [
    conditionText({
      ...ANY,
      numbers: {
        protocol: rangesOf([
          [0n, 5n],
          [7n, 16n],
          [18n, 255n],
        ]),
        dport: some(1, 2),
      },
    }),
    conditionText({ ...tcp(), links: { iif: { not: false, of: ['eth0', 'eth1'] } }, local: true }),
  ]);
});

it('says what is looked up, compared and matched', () => {
  expectSame(() => [
    ...(outside([tcp(), { ...marked(), family: 6 }], ANY)?.also ?? []),
    ...unreadSet('blocked', undefined, true).also,
    ...unreadSet('__set0', undefined, false).also,
    t('not ({packets})', { packets: conditionText(tcp()) }),
    t('the expression "{name}", which is not understood', { name: 'xfrm' }),
    t('what the map {name} says, which was not read', { name: 'ports' }),
    t('the verdict {code}, which is not understood', { code: 9 }),
    t('where {chain}, which has the same priority, does not take it first', { chain: 'a b' }),
    t('the port is counted from {port}', { port: 80 }),
    isText(fieldName(connectionField(2, null, 4)), false, statusNames(6n)),
    isText(fieldName(connectionField(2, null, 4)), true, statusNames(1n)),
    maskText(t('connection {what}', { what: 'mark' }), '0xf', '0x3', false),
    isText(
      t('{count, number} bytes at {offset} of the {layer} header', { count: 1, offset: 8, layer: 'network' }),
      false,
      '0x5',
    ),
    isText(t('source address type'), true, commas(['unicast', 'local'])),
    isText(t('sent by uid'), false, '1000-2000'),
  ]);
  expectSame(() => xtMatch('owner', 1, new Uint8Array(18).fill(255), 4).flatMap(({ also }) => also));
  expectSame(() => xtMatch('set', 4, new Uint8Array(64), 4).flatMap(({ also }) => also));
  for (const count of [1, 3]) {
    const message =
      'not for what {count, plural, one {# more earlier rule takes} other {# more earlier rules take}}' as const;
    expectSame(() => [t(message, { count })]);
  }
});

it('says what is in a field of its own and was not read', () => {
  const choice = { not: false, of: ['those of blocked, which was not read', 'those of a set that was not read'] };
  setLanguage('zh-CN');
  expect(choiceText(choice)).not.toMatch(/those of/);
});

const RULE = {
  ...{ family: 4, priority: 7, invert: false, from: null, fromPrefix: 0, to: null, toPrefix: 0, iif: null, oif: null },
  ...{ mark: null, mask: null, tos: null, protocol: null, sourcePorts: null, ports: null, uids: null, l3mdev: false },
  ...{ other: false, action: 'lookup', table: 254, goto: null, suppressPrefix: null, suppressGroup: null },
};

it('says what rules of routing ask and do', () => {
  const rules = [
    {},
    { from: '10.0.0.0', fromPrefix: 8, mark: 7, uids: [1000, 2000], table: 100 },
    { iif: 'd0', protocol: 6, ports: [80, 80], other: true, action: 'blackhole' },
    {
      to: 'fd00::',
      toPrefix: 8,
      oif: 'wg0',
      tos: 16,
      protocol: 99,
      sourcePorts: [1, 9],
      invert: true,
      suppressPrefix: 0,
    },
    { l3mdev: true },
    { action: 'goto', goto: 9 },
    { action: 'nop', suppressGroup: 3 },
    { suppressPrefix: 8, suppressGroup: 3 },
  ].map((facts) => ruleReply.parse({ ...RULE, ...facts }));
  expectSame(() => rulesOf(rules).flatMap(({ when, what }) => [when, what]));
  const answers = [101, 113, 22, 13, 5, null].map((error) => ({
    ...{ family: 4 as const, to: '1.1.1.1', mark: null, route: [], error },
  }));
  expectSame(() => waysOutOf(answers, new Map()).map(({ problem }) => problem ?? ''));
});

it('leaves alone what is nobody’s phrase, and what is too long to be one', () => {
  setLanguage('zh-CN');
  expect(storedRule('$(reboot) {packets}')).toBe('$(reboot) {packets}');
  const long = `from ${'1, '.repeat(1_000)}`;
  expect(storedRule(long)).toBe(long);
  const started = performance.now();
  const hostile = [
    'any but ',
    'from ',
    'x ',
    'mark not ',
    'a under the mask b is ',
    'a address type ',
    'a among ',
    'a; b, ',
  ];
  for (const each of hostile) storedRule(each.repeat(Math.floor(1_000 / each.length)));
  storedRule('a, '.repeat(600));
  storedRule('not for what an earlier rule takes: '.repeat(50));
  storedRule(' or '.repeat(400));
  expect(performance.now() - started).toBeLessThan(1_000);
});

it('knows every phrase that rules are told in', () => {
  const known = readFileSync('src/core/detail/nat/stored-rule.ts', 'utf8');
  const folder = 'src/core/detail/nat';
  const sources = [
    ...readdirSync(folder)
      .filter((name) => !name.startsWith('stored-rule'))
      .map((name) => `${folder}/${name}`),
    ...['src/core/detail/routes.ts', 'src/core/detail/filter/rules.ts'],
  ];
  const phrases = sources
    .flatMap((file) => [...readFileSync(file, 'utf8').matchAll(/\bt\(\s*'((?:[^'\\]|\\.)+)'/g)])
    .map(([, message = '']) => message);
  // Sentences stand beside rules and are no part of them; these are told of ways out, when they are shown.
  const beside =
    /^(?:It depends|What is|what is meant|\{outcome\}|an unknown link|(?:leaves by )?\{link\} through|is spread|\{count, plural, one \{Rule )|^\{field\} (?:not )?\{values\}$|[.]$/;
  expect(phrases.length).toBeGreaterThan(100);
  expect(phrases.filter((message) => !beside.test(message) && !known.includes(`'${message}'`))).toEqual([]);
});
