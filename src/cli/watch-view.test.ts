import { afterEach, expect, it } from 'vitest';
import { diffSnapshots } from '#core/diff/diff.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { setLanguage } from '#core/words/language.ts';
import { createWatchJson } from './watch-json.ts';
import { createWatchView } from './watch-view.ts';

const network = (name: string, ip: string) => ({ name, id: null, ip, mac: null });
const before = snapshotOf({
  containers: [{ name: 'web', container: { networks: [network('bridge', '172.17.0.2')] } }],
});

afterEach(() => setLanguage('en'));

/** What watch says of the step to another moment, without its time. */
function told(change: (snapshot: Snapshot) => Snapshot): string[] {
  const view = createWatchView();
  view({ type: 'snapshot', snapshot: before });
  const patch = diffSnapshots(before, change(before));
  if (patch === null) return [];
  const lines = view({ type: 'change', patch }).trimEnd().split('\n');
  return lines.map((line) => line.replace(/^\S+ {2}/, ''));
}

it('tells that a container was connected to a network, and cut from one', () => {
  const networks = [network('back', '10.0.0.2')];
  const lines = told((snapshot) => ({
    ...snapshot,
    containers: snapshot.containers.map((container) => ({ ...container, networks })),
  }));
  expect(lines).toEqual([
    '~ container web connected to network back, 10.0.0.2',
    '~ container web disconnected from network bridge',
  ]);
});

it('tells that a process made a namespace of its own: a new one, and one that was there', () => {
  const web = before.processes.find(({ container }) => container === idOf('web'));
  if (web === undefined) throw new Error('no process');
  const made = 'net:[4026539999]';
  const pid = web.pid + 500;
  const child = { ...web, pid, startTime: 9_999, ppid: web.pid, namespaces: { ...web.namespaces, net: made } };
  const namespace = {
    ...before.namespaces.find(({ kind }) => kind === 'net'),
    id: made,
    inode: 4_026_539_999,
    pids: [pid],
  };
  const lines = told((snapshot) => ({
    ...snapshot,
    processes: [...snapshot.processes, child],
    namespaces: [...snapshot.namespaces, namespace as Snapshot['namespaces'][number]],
  }));
  expect(lines).toEqual([`+ namespace ${made}`, `+ process ${pid} sleep in web, which made ${made}`]);
  const own = told((snapshot) => ({
    ...snapshot,
    processes: snapshot.processes.map((each) =>
      each.pid === web.pid ? { ...each, namespaces: { ...each.namespaces, net: made } } : each,
    ),
    namespaces: [...snapshot.namespaces, { ...namespace, pids: [web.pid] } as Snapshot['namespaces'][number]],
  }));
  expect(own).toContain(`~ process ${web.pid} sleep in web: net ${web.namespaces.net} -> ${made}, which it made`);
});

it('says nothing of namespaces that cannot be read any more, as those of a process that is ending', () => {
  const nothing = Object.fromEntries(Object.keys(before.processes[0]?.namespaces ?? {}).map((link) => [link, null]));
  const lines = told((snapshot) => ({
    ...snapshot,
    processes: snapshot.processes.map((each) => ({
      ...each,
      state: 'Z',
      namespaces: nothing as typeof each.namespaces,
    })),
  }));
  expect(lines.filter((line) => line.includes('->'))).toEqual([]);
});

it('tells programs what a change means, in English and beside the patch', () => {
  const json = createWatchJson();
  expect(JSON.parse(json({ type: 'snapshot', snapshot: before }))).toEqual({ type: 'snapshot', snapshot: before });
  const cut = { ...before, containers: before.containers.map((each) => ({ ...each, networks: [] })) };
  const patch = diffSnapshots(before, cut);
  if (patch === null) throw new Error('nothing changed');
  setLanguage('zh-CN');
  const line = json({ type: 'change', patch });
  expect(line.endsWith('}\n')).toBe(true);
  const text = 'web was disconnected from the network bridge';
  expect(JSON.parse(line)).toEqual({
    type: 'change',
    patch,
    happened: [{ what: 'disconnected', container: idOf('web'), text }],
  });
});
