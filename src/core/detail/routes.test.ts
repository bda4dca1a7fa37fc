import { afterEach, expect, it } from 'vitest';
import { setLanguage } from '../words/language.ts';
import { routeReply, routesOf, ruleReply, rulesOf, waysOutOf, waysOutSentences } from './routes.ts';

afterEach(() => setLanguage('en'));

const NAMES = new Map([
  [2, 'eth0'],
  [3, 'wg0'],
]);

const route = (facts: object) =>
  routeReply.parse({
    family: 4,
    table: 254,
    destination: null,
    prefix: 0,
    gateway: null,
    source: null,
    index: 2,
    metric: null,
    type: 'unicast',
    dead: false,
    ways: [],
    ...facts,
  });

const rule = (facts: object) =>
  ruleReply.parse({
    family: 4,
    priority: 100,
    invert: false,
    from: null,
    fromPrefix: 0,
    to: null,
    toPrefix: 0,
    iif: null,
    oif: null,
    mark: null,
    mask: null,
    tos: null,
    protocol: null,
    sourcePorts: null,
    ports: null,
    uids: null,
    l3mdev: false,
    other: false,
    action: 'lookup',
    table: 254,
    goto: null,
    suppressPrefix: null,
    suppressGroup: null,
    ...facts,
  });

it('names routes of every table by their links, with all ways', () => {
  const routes = routesOf(
    [
      route({ gateway: '172.17.0.1' }),
      route({ family: 6, destination: 'fe80::', prefix: 64, index: 99 }),
      route({ table: 51820, index: 3 }),
      route({ destination: '10.0.0.0', prefix: 8, index: null, type: 'unreachable' }),
      route({
        index: null,
        ways: [
          { index: 2, gateway: '10.0.0.1' },
          { index: 3, gateway: null },
        ],
      }),
    ],
    NAMES,
  );
  expect(routes.map(({ table, destination, device, gateway }) => [table, destination, device, gateway])).toEqual([
    [254, 'default', 'eth0', '172.17.0.1'],
    [254, 'fe80::/64', '#99', null],
    [51820, 'default', 'wg0', null],
    [254, '10.0.0.0/8', null, null],
    [254, 'default', null, null],
  ]);
  expect(routes[4]?.ways).toEqual([
    { gateway: '10.0.0.1', device: 'eth0' },
    { gateway: null, device: 'wg0' },
  ]);
});

it('says rules in words, no wider than they are', () => {
  const told = (facts: object) => rulesOf([rule(facts)]).map(({ when, what, usual }) => [when, what, usual])[0];
  expect(told({ priority: 32766 })).toEqual(['all', 'table main', true]);
  expect(told({ priority: 32766, table: 100 })).toEqual(['all', 'table 100', false]);
  expect(told({ invert: true, mark: 0xca6c, mask: 0xffffffff, table: 51820 })).toEqual([
    'all but what is marked 0xca6c',
    'table 51820',
    false,
  ]);
  expect(told({ suppressPrefix: 0 })).toEqual(['all', 'table main, its default routes do not count', false]);
  expect(told({ mark: 0x80000, mask: 0xff0000, action: 'unreachable' })).toEqual([
    'marked 0x80000/0xff0000',
    'unreachable',
    false,
  ]);
  expect(told({ from: '10.0.0.0', fromPrefix: 8, to: '10.1.0.0', toPrefix: 16, iif: 'lo', oif: 'eth0' })?.[0]).toBe(
    'from 10.0.0.0/8, to 10.1.0.0/16, arriving by lo, bound to eth0',
  );
  expect(told({ protocol: 6, ports: [80, 90], sourcePorts: [7, 7], uids: [1000, 1000], tos: 8 })?.[0]).toBe(
    'with TOS 0x8, tcp, from port 7, to port 80-90, of uid 1000',
  );
  expect(told({ other: true })?.[0]).toBe('under a condition that is not known here');
  expect(told({ action: 'goto', goto: 500 })?.[1]).toBe('go on at rule 500');
  expect(told({ l3mdev: true })?.slice(0, 2)).toEqual(['of a VRF', 'the table of the VRF']);
});

const out = (to: string, facts: object | null, mark: number | null = null, error: number | null = null) => ({
  family: 4 as const,
  to,
  mark,
  route: facts === null ? [] : [route(facts)],
  error,
});

it('says which way the internet is, and what goes another way', () => {
  const tunnel = { table: 51820, index: 3 };
  const wan = { gateway: '172.17.0.1' };
  const say = (answers: Parameters<typeof waysOutOf>[0], rules: Parameters<typeof rulesOf>[0] = []) =>
    waysOutSentences(waysOutOf(answers, NAMES), rulesOf(rules), []);
  expect(
    say([out('1.1.1.1', tunnel), out('200.0.0.1', tunnel), out('1.1.1.1', wan, 0xca6c), out('200.0.0.1', wan, 0xca6c)]),
  ).toEqual([
    ['IPv4', 'What is meant for the internet leaves by wg0 (table 51820).'],
    ['IPv4', 'What is marked 0xca6c leaves by eth0 through 172.17.0.1 (table main).'],
  ]);
  // A mark that changes nothing is not worth a sentence.
  expect(say([out('1.1.1.1', wan), out('1.1.1.1', wan, 1)])).toHaveLength(1);
  expect(say([out('1.1.1.1', null, null, 101)])).toEqual([['IPv4', 'What is meant for the internet has no route.']]);
  expect(say([out('1.1.1.1', null, null, 77)])[0]?.[1]).toContain('is not routed (error 77)');
  expect(say([out('1.1.1.1', wan), out('200.0.0.1', tunnel)])).toEqual([
    [
      'IPv4',
      'It depends on the destination: what is meant for 1.1.1.1 leaves by eth0 through 172.17.0.1 (table main); what is meant for 200.0.0.1 leaves by wg0 (table 51820).',
    ],
  ]);
  expect(say([out('1.1.1.1', wan)], [rule({ priority: 7, uids: [1000, 1000], table: 9 })])[1]).toEqual([
    'IPv4',
    'Rule 7 sends some traffic another way by conditions of its own: see the rules.',
  ]);
});

it('knows a rule of narrow conditions in every language', () => {
  setLanguage('zh-CN');
  const rules = rulesOf([rule({ priority: 7, uids: [1000, 1000], table: 9 })]);
  const told = waysOutSentences(waysOutOf([out('1.1.1.1', { gateway: '172.17.0.1' })], NAMES), rules, []);
  expect(told).toEqual([
    ['IPv4', '发往互联网的流量从 eth0 经网关 172.17.0.1 发出（路由表 main）。'],
    ['IPv4', '有 1 条规则（7）按自己的条件让部分流量走别的路：详见路由规则。'],
  ]);
});

it('names all ways of a route that has several: the kernel tells the one of a single connection', () => {
  const ways = [
    { index: 2, gateway: '172.17.0.1' },
    { index: 3, gateway: null },
  ];
  const routes = routesOf([route({ index: null, ways }), route({ destination: '200.0.0.0', prefix: 8 })], NAMES);
  const say = (answers: Parameters<typeof waysOutOf>[0]) => waysOutSentences(waysOutOf(answers, NAMES), [], routes);
  const spread = 'What is meant for the internet is spread: it leaves by eth0 through 172.17.0.1 or wg0 (table main).';
  expect(say([out('1.1.1.1', { gateway: '172.17.0.1' })])).toEqual([['IPv4', spread]]);
  expect(say([out('1.1.1.1', { gateway: '172.17.0.1' }), out('9.9.9.9', { index: 3 })])).toEqual([['IPv4', spread]]);
  // A narrower route has one way.
  expect(say([out('200.0.0.1', {})])).toEqual([
    ['IPv4', 'What is meant for the internet leaves by eth0 (table main).'],
  ]);
});
