import fc from 'fast-check';
import { expect, test } from 'vitest';
import { analyseSharing } from '../sharing/analyse.ts';
import { idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { parseFilter } from './filter.ts';

const snapshot = snapshotOf({
  containers: [
    { name: 'web1', container: { image: 'nginx:1.27', labels: { 'com.docker.compose.project': 'shop' } } },
    { name: 'web2', namespaces: { net: 'web1' }, container: { image: 'nginx:1.27' } },
    { name: 'web3', namespaces: { net: 'web1' }, container: { image: 'registry.example.com:5000/app' } },
    { name: 'exporter', namespaces: { net: 'host', pid: 'host' } },
    { name: 'my db', container: { state: 'paused' } },
    { name: 'off', running: false },
  ],
});
const sharing = analyseSharing(snapshot);

function matching(expression: string): string[] | string {
  const filter = parseFilter(expression, snapshot, sharing);
  return filter.ok ? snapshot.containers.filter(filter.matches).map(({ name }) => name) : filter.message;
}

test.each([
  ['', ['exporter', 'my db', 'off', 'web1', 'web2', 'web3']],
  ['web', ['web1', 'web2', 'web3']],
  ['WEB -web2', ['web1', 'web3']],
  ['name:web?', ['web1', 'web2', 'web3']],
  ['name:*b', ['my db']],
  ['"my db"', ['my db']],
  ['-"my db" -off', ['exporter', 'web1', 'web2', 'web3']],
  ['name:"my db"', ['my db']],
  ['"shared"', []],
  ['"kind:none"', []],
  ['"-web1"', []],
  ['-', []],
  ['image:nginx:*', ['web1', 'web2']],
  ['registry.example.com:5000/app', ['web3']],
  ['project:shop', ['web1']],
  ['state:paused', ['my db']],
  ['state:exited', ['off']],
  ['host:net', ['exporter']],
  ['kind:net', ['exporter', 'web1', 'web2', 'web3']],
  ['kind:net shared>=2', ['web1', 'web2', 'web3']],
  ['kind:net -host:net', ['web1', 'web2', 'web3']],
  ['kind:net shared>2', []],
  ['pid:1000', ['web1']],
  [idOf('web2').slice(0, 16), ['web2']],
  [`id:${idOf('off')}`, ['off']],
  ['ns:4026540002', ['web1', 'web2', 'web3']],
  ['ns:net:[4026540002]', ['web1', 'web2', 'web3']],
  ['net:[4026540002]', ['web1', 'web2', 'web3']],
  ['4026540002', ['web1', 'web2', 'web3']],
])('%s', (expression, names) => {
  expect(matching(expression)).toEqual(names);
});

test.each([
  ['"open', 'quotation mark'],
  ['kind:network', 'use one of mnt, pid, net'],
  ['host:', 'has no value'],
  ['shared', 'shared>=2'],
  ['shared>=many', 'needs a comparison and a number'],
  ['pid:x', 'pid:1234'],
  ['colour :red', []],
])('%s is answered with what to correct', (expression, part) => {
  const result = matching(expression);
  if (typeof part === 'string') expect(result).toContain(part);
  else expect(result).toEqual(part);
});

test('no input throws, and a name in quotes finds its container', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
      matching(text);
      const named = snapshotOf({ containers: [{ name: text }, { name: 'other' }] });
      const filter = parseFilter(`"${text.replaceAll('"', '')}"`, named, analyseSharing(named));
      if (text.includes('"')) return;
      expect(filter.ok && named.containers.filter(filter.matches).some(({ name }) => name === text)).toBe(true);
    }),
  );
});

test('a long run of stars is matched in good time', () => {
  const start = performance.now();
  matching(`name:${'*a'.repeat(20)}*b`);
  expect(performance.now() - start).toBeLessThan(500);
});
