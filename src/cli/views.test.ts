import { expect, test } from 'vitest';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import type { Engine, Snapshot } from '#core/snapshot/snapshot.ts';
import { setLanguage } from '#core/words/language.ts';
import type { ListingOptions } from './listing.ts';
import { scanView, sharedView } from './views.ts';

const modes = { net: `container:${idOf('web')}`, ipc: 'private', pid: '', uts: '', user: '', cgroup: 'private' };
const SKETCH = snapshotOf({
  containers: [{ name: 'web' }, { name: 'app', namespaces: { net: 'web' }, container: { modes } }, { name: 'host' }],
});
const SNAPSHOT: Snapshot = {
  ...SKETCH,
  engine: { name: 'e', kind: 'docker', version: '1', endpoint: 'unix:///x', securityOptions: [] as string[] } as Engine,
};
const PLAIN = { colour: false, columns: null };
const shared = (snapshot: Snapshot, all: boolean) =>
  sharedView(snapshot, analyseSharing(snapshot), { all }, PLAIN).split('\n');

test('shared names the owner first, and what everybody has by default only when asked', () => {
  const lines = shared(SNAPSHOT, false);
  expect(lines[1]).toMatch(/^net +net:\[\d+\] +web +made for this container; others joined it$/);
  expect(lines[2]).toMatch(/^ +app +--network=container:web$/);
  expect(lines[3]).toBe('Not shown: 2 namespaces that containers share with the host by default. --all shows them.');
  const all = shared(SNAPSHOT, true);
  expect(all.filter((line) => line.startsWith('user ') || line.startsWith('time '))).toHaveLength(2);
  expect(all.join('\n')).toMatch(/host \(container [0-9a-f]{12}\)/);
});

test('scan counts members as the picture does, and says which processes are not where they should be', () => {
  const scan = scanView(SNAPSHOT, analyseSharing(SNAPSHOT), {}, PLAIN);
  expect(scan).toMatch(/^app .*shared by 2/m);
  const odd = { cgroupOf: null, disagrees: true, starting: false };
  const processes = SNAPSHOT.processes.map((each) =>
    each.container === idOf('web')
      ? { ...each, belongs: { ...odd, by: 'ancestry' as const } }
      : each.pid === 1
        ? { ...each, belongs: { ...odd, by: null, cgroupOf: idOf('app') } }
        : each,
  );
  const left = { ...SNAPSHOT, processes };
  const text = scanView(left, analyseSharing(left), {}, PLAIN);
  expect(text).toMatch(/^web .* 1 \(1 outside its cgroup\) /m);
  expect(text).toContain('Pid 1 (init, uid 0) is in a cgroup with the id of app');
});

test('a list is cut to what is asked for, and says what may be asked for', () => {
  const scan = (options: ListingOptions) => scanView(SNAPSHOT, analyseSharing(SNAPSHOT), options, PLAIN);
  expect(scan({ columns: ['container', 'NET'] })).toMatch(/^CONTAINER +NET\n/);
  expect(scan({ columns: ['container'], filter: ['net=shared by 2'] })).toBe('CONTAINER\napp\nweb\n');
  expect(scan({ columns: ['container'], filter: ['container!~A', 'state=running'] })).toBe('CONTAINER\nhost\nweb\n');
  expect(scan({ quiet: true, filter: ['container=web'] })).toBe(`${idOf('web')}\n`);
  expect(scan({ quiet: true, filter: ['container=none'] })).toBe('');
  expect(() => scan({ columns: ['nope'] })).toThrow(/no column "nope"\. There are: container, state, pid,.*, image\./);
  expect(() => scan({ filter: ['web'] })).toThrow(/is not a filter\. A filter is COLUMN=TEXT/);
  const kinds = sharedView(SNAPSHOT, analyseSharing(SNAPSHOT), { columns: ['kind', 'member'] }, PLAIN);
  expect(kinds).toBe('KIND  MEMBER\nnet   web\nnet   app\n');
});

test('filters by the English words in every language', () => {
  const filtered = (...filter: string[]) =>
    scanView(SNAPSHOT, analyseSharing(SNAPSHOT), { filter, columns: ['container', 'net'] }, PLAIN);
  setLanguage('zh-CN');
  try {
    expect(filtered('net~shared')).toBe('CONTAINER  NET\napp        2 方共享\nweb        2 方共享\n');
    expect(filtered('net=2 方共享')).toBe(filtered('net=shared by 2'));
    expect(filtered('net!~shared')).toBe(filtered('net=private'));
    expect(filtered('net=private')).toBe('CONTAINER  NET\nhost       私有\n');
  } finally {
    setLanguage('en');
  }
});
