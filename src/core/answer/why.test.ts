import { afterEach, describe, expect, it } from 'vitest';
import { analyseSharing } from '../sharing/analyse.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { setLanguage } from '../words/language.ts';
import { causeSentence, type WhySubject, why, whyCommands } from './why.ts';
import { whyTarget } from './why-target.ts';

const MODES = { net: '', ipc: '', pid: '', uts: '', user: '', cgroup: '' };
const joined = (name: string, target: string): ContainerSketch => ({
  name,
  namespaces: { net: target },
  container: { modes: { ...MODES, net: `container:${idOf(target)}` } },
});
const snapshot = snapshotOf({
  containers: [
    { name: 'web1' },
    joined('web2', 'web1'),
    { name: 'agent', namespaces: { pid: 'host' }, container: { modes: { ...MODES, pid: 'host' } } },
    { name: 'gone', running: false, container: { modes: { ...MODES, net: `container:${idOf('web1')}` } } },
  ],
});
const subject = (text: string, of: Snapshot = snapshot): WhySubject => {
  const target = whyTarget(of, text);
  if (!target.ok) throw new Error(target.message);
  return target.subject;
};
const rows = (...texts: string[]) =>
  why(
    snapshot,
    analyseSharing(snapshot),
    texts.map((text) => subject(text)),
  );
const row = (kind: string, ...texts: string[]) => rows(...texts).filter((each) => each.kind === kind);

afterEach(() => setLanguage('en'));

describe('why', () => {
  it('one who joined says so by its flag, and for whom it was made', () => {
    const [net] = row('net', 'web2');
    expect(net).toMatchObject({ members: ['web1', 'web2'] });
    expect(net?.cause).toBe('web2 joined it: --network=container:web1. It was made for web1.');
    expect(net?.namespace).toBe(row('net', 'web1')[0]?.namespace);
  });

  it('private, by flag and by default are told apart', () => {
    expect(row('mnt', 'web1')[0]).toMatchObject({ members: ['web1'], cause: 'The engine made it for web1 alone.' });
    expect(row('pid', 'agent')[0]?.cause).toMatch(/^agent is in it, since it was started with --pid=host\./);
    expect(row('user', 'web1')[0]?.cause).toMatch(/^web1 is in it by default: /);
    expect(rows('web1')).toHaveLength(8);
  });

  it('two are in one, or each in its own', () => {
    expect(row('net', 'web1', 'web2')).toEqual([
      {
        kind: 'net',
        namespace: expect.stringMatching(/^net:/),
        members: ['web1', 'web2'],
        cause: 'Both are in it. It was made for web1. web2 joined it: --network=container:web1.',
      },
    ]);
    expect(row('mnt', 'web1', 'web2').map(({ members, cause }) => [members, cause])).toEqual([
      [['web1'], 'They are in different ones. The engine made it for web1 alone.'],
      [['web2'], 'The engine made it for web2 alone.'],
    ]);
    expect(row('pid', 'agent', 'host')).toHaveLength(1);
  });

  it('what does not run is in none, and that is said; whether two share one is then not known', () => {
    expect(row('net', 'gone')[0]).toMatchObject({
      namespace: null,
      members: ['gone'],
      cause: expect.stringMatching(/^gone is not running/),
    });
    expect(row('net', 'gone', 'web1')[0]?.cause).toMatch(/^Whether they share one is not known\./);
  });

  it('a process has what its container has, or is said to have left it', () => {
    expect(row('net', '1000')[0]?.cause).toMatch(/^pid 1000 \(sleep\) of web1 is in the same one as web1\. /);
    const init = snapshot.processes.find(({ pid }) => pid === 1000) as Process;
    const stray = { ...init, pid: 5000, startTime: 7, namespaces: { ...init.namespaces, net: 'net:[77]' } };
    const strayed = { ...snapshot, processes: [...snapshot.processes, stray] };
    const [told] = why(strayed, analyseSharing(strayed), [subject('5000', strayed)]).filter(
      ({ kind }) => kind === 'net',
    );
    expect(told).toMatchObject({
      namespace: 'net:[77]',
      cause: expect.stringContaining('Which of them is not recorded'),
    });
  });

  it('in Chinese gives the same reasons, and no piece of them is English', () => {
    setLanguage('zh-CN');
    expect(row('net', 'web2')[0]?.cause).toBe(
      'web2 加入了该命名空间：--network=container:web1。该命名空间为 web1 创建。',
    );
    const all = [rows('web1', 'web2'), rows('gone', 'agent'), rows('1000', 'host'), rows('agent')].flat();
    expect(all.filter(({ cause }) => !/\p{Script=Han}/u.test(cause) || /[a-z]{2} [a-z]{2}/.test(cause))).toEqual([]);
  });

  it('a pod’s sandbox is told as such', () => {
    const cause = { code: 'owner', text: '', flag: null, pod: 'shop/web' } as const;
    expect(causeSentence('pause', cause)).toBe('It was made for pause, the sandbox of Kubernetes pod shop/web.');
  });

  it('names the commands that show the same', () => {
    expect(whyCommands(snapshot, [subject('web1')])).toEqual([
      'ls -l /proc/1000/ns',
      `docker inspect -f '{{json .HostConfig}}' ${idOf('web1').slice(0, 12)}`,
    ]);
  });
});

describe('a target', () => {
  it('that is ambiguous lists what it may be', () => {
    const odd = snapshotOf({ containers: [{ name: '1001' }, { name: '1002' }] });
    expect(whyTarget(odd, '1001')).toMatchObject({
      ok: false,
      message: expect.stringContaining('may be 2 things'),
      candidates: [expect.stringContaining('container 1001'), '1001 process sleep'],
    });
    const begin = idOf('1001').slice(0, 12);
    expect(whyTarget(odd, begin)).toMatchObject({ ok: false, candidates: [expect.any(String), expect.any(String)] });
  });

  it('that is a number inside is not taken for one outside', () => {
    const inner = snapshotOf({ containers: [{ name: 'web', process: { nsPids: [1000, 42] } }] });
    expect(whyTarget(inner, '42')).toMatchObject({ ok: false, candidates: ['1000 → 42 in web'] });
  });

  it('that is nothing says what would be right', () => {
    expect(whyTarget(snapshot, 'web')).toMatchObject({
      ok: false,
      candidates: [expect.any(String), expect.any(String)],
    });
    expect(whyTarget(snapshot, 'nope')).toMatchObject({
      ok: false,
      message: expect.stringContaining('pid outside'),
      candidates: [],
    });
  });
});
