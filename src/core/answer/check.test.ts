import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { analyseSharing } from '../sharing/analyse.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import { collected, mount } from '../snapshot/details.testing.ts';
import type { Container, Namespace, Process, Snapshot } from '../snapshot/snapshot.ts';
import { setLanguage } from '../words/language.ts';
import { atLeast, check } from './check.ts';

afterEach(() => setLanguage('en'));

const found = (snapshot: Snapshot) => check(snapshot, analyseSharing(snapshot));
const of = (...containers: ContainerSketch[]) => snapshotOf({ containers });
const joined = (name: string, modes: object): ContainerSketch => ({
  name,
  container: { modes: { net: '', ipc: '', pid: '', uts: '', user: '', cgroup: '', ...modes } },
});

describe('a share that is declared', () => {
  it('and not in force says what is, on both sides, and the command that mends it', () => {
    const snapshot = of({ name: 'web1' }, joined('web2', { net: `container:${idOf('web1')}` }));
    const [first] = found(snapshot);
    expect(first).toMatchObject({
      code: 'share-broken',
      severity: 'broken',
      container: 'web2',
      cure: 'docker restart web2',
    });
    expect(first?.evidence).toMatch(
      /container:.*\. pid 1001 is in net:\[\d+\]\. web1 \(pid 1000\) is in net:\[\d+\]\./,
    );
  });

  it('with one that has stopped names both commands', () => {
    const snapshot = of({ name: 'web1', running: false }, joined('web2', { net: `container:${idOf('web1')}` }));
    expect(found(snapshot)[0]).toMatchObject({ code: 'owner-gone', cure: 'docker start web1 && docker restart web2' });
  });

  it('and in force is nothing', () => {
    const snapshot = of(
      { name: 'web1' },
      { ...joined('web2', { net: `container:${idOf('web1')}` }), namespaces: { net: 'web1' } },
    );
    expect(atLeast(found(snapshot), 'broken')).toEqual([]);
  });
});

describe('a namespace without a process', () => {
  const held = (pins: Namespace['pins']): Snapshot => {
    const snapshot = of({ name: 'web' });
    const [first] = snapshot.namespaces;
    if (first === undefined) throw new Error('no namespace');
    const extra: Namespace = {
      ...first,
      id: 'net:[4026599999]',
      kind: 'net',
      inode: 4_026_599_999,
      initial: false,
      pids: [],
      pins,
    };
    return { ...snapshot, namespaces: [...snapshot.namespaces, extra] };
  };
  const only = (snapshot: Snapshot) => found(snapshot).filter(({ code }) => code === 'namespace-held');

  it('names who holds it, and how to let go', () => {
    expect(only(held([{ type: 'fd', pid: 1000, fd: 7 }]))).toMatchObject([
      { severity: 'warning', evidence: expect.stringContaining('pid 1000 (sleep) has it open as descriptor 7') },
    ]);
    expect(only(held([{ type: 'mount', path: '/run/netns/blue', mnt: null }]))).toMatchObject([
      { severity: 'notice', text: expect.stringContaining('blue'), cure: 'ip netns delete blue' },
    ]);
  });

  it('is the engine’s own where its name says so', () => {
    expect(only(held([{ type: 'mount', path: '/run/docker/netns/ingress_sbox', mnt: null }]))).toEqual([]);
  });
});

it('zombies are counted for whom they belong to, with their parent', () => {
  const snapshot = of({ name: 'web' });
  const init = snapshot.processes.find(({ container }) => container !== null);
  if (init === undefined) throw new Error('no process');
  const dead = [501, 502].map((pid) => ({ ...init, pid, ppid: init.pid, state: 'Z' }));
  const zombies = found({ ...snapshot, processes: [...snapshot.processes, ...dead] }).find(
    ({ code }) => code === 'zombies',
  );
  expect(zombies).toMatchObject({ severity: 'notice', container: 'web', text: expect.stringContaining('2 processes') });
  expect(zombies?.evidence).toContain(`The parent is pid ${init.pid}.`);
});

it('what the engine says of a container is told', () => {
  const codes = found(
    of({ name: 'a', container: { state: 'restarting' } }, { name: 'b', running: false, container: { state: 'dead' } }),
  );
  expect(codes.filter(({ severity }) => severity === 'broken').map(({ container, code }) => [container, code])).toEqual(
    [
      ['a', 'keeps-restarting'],
      ['b', 'dead'],
    ],
  );
});

it('a shim of Docker that holds nothing, of a container that the engine does not know', () => {
  const snapshot = of({ name: 'web' });
  const [init] = snapshot.processes;
  if (init === undefined) throw new Error('no process');
  const shim = (pid: number, id: string, namespace = 'moby'): Process => ({
    ...{ ...init, pid, ppid: init.pid, comm: 'containerd-shim' },
    argv: ['/usr/bin/containerd-shim-runc-v2', '-namespace', namespace, '-id', id],
  });
  const shims = [shim(50, idOf('web')), shim(51, 'f'.repeat(64)), shim(52, 'e'.repeat(64), 'k8s.io')];
  const lost = () =>
    found({ ...snapshot, processes: [...snapshot.processes, ...shims] }).filter(({ code }) => code === 'shim-left');
  expect(lost()).toMatchObject([{ severity: 'warning', evidence: expect.stringContaining('pid 51 ') }]);
  setLanguage('zh-CN');
  expect(lost()).toMatchObject([{ severity: 'warning', text: expect.stringMatching(/shim 下没有任何进程/) }]);
});

it('a file that was replaced where it was mounted from, as an editor saves it', () => {
  const bind = (source: string, destination: string) => ({
    ...{ type: 'bind', name: null, source, destination, readOnly: false, device: null, propagation: '' },
  });
  const snapshot = of({
    name: 'web',
    container: { mounts: [bind('/etc/app.conf', '/app.conf'), bind('/srv', '/srv')] },
  });
  const mnt = snapshot.processes.find(({ container }) => container === idOf('web'))?.namespaces.mnt ?? '';
  const mounts = [mount('/app.conf', { root: '/etc/app.conf//deleted' }), mount('/srv', { id: 2, root: '/srv' })];
  const details = collected({ [mnt]: { kind: 'mnt', mounts, peers: {} } });
  const replaced = found({ ...snapshot, details }).filter(({ code }) => code === 'mount-replaced');
  expect(replaced).toMatchObject([
    { severity: 'broken', container: 'web', text: expect.stringMatching(/^\/app\.conf /) },
  ]);
  expect(found(snapshot).filter(({ code }) => code === 'mount-replaced')).toEqual([]);
});

it('a helper that was left behind is told; one that runs, or is just being started or removed, is ours', () => {
  const helper = (name: string, container: Partial<Container>) => ({
    ...{ name, running: false },
    container: { helper: true, created: '2026-01-01T00:00:00Z', ...container },
  });
  const sketches = [
    helper('left', { state: 'exited', finishedAt: '2026-01-01T00:10:00Z' }),
    helper('never-started', { state: 'created' }),
    helper('new', { state: 'created', created: '2026-01-01T11:59:58Z' }),
    helper('ended', { state: 'exited', finishedAt: '2026-01-01T11:59:58Z' }),
    { name: 'running', container: { helper: true } },
  ];
  const codes = found({ ...of(...sketches), takenAt: '2026-01-01T12:00:00Z' });
  expect(codes.filter(({ code }) => code === 'helper-left').map(({ container }) => container)).toEqual([
    'left',
    'never-started',
  ]);
});

it('every code has its line in docs/checks.md', () => {
  const documented = readFileSync('docs/checks.md', 'utf8');
  const sources = [
    ...['src/core/answer/check.ts', 'src/core/answer/isolation.ts', 'src/core/answer/isolation-neighbours.ts'],
    ...['src/core/sharing/findings.ts', 'src/core/sharing/rights.ts', 'src/core/sharing/mounts.ts'],
    ...['src/core/sharing/added-capabilities.ts'],
  ]
    .map((file) => readFileSync(file, 'utf8'))
    .join('\n');
  const codes = [
    ...sources.matchAll(/code: (?:[^'\n]*\? )?'([a-z]+(?:-[a-z]+)*)'/g),
    ...sources.matchAll(/code: [^\n]*\? '[a-z-]+' : '([a-z]+(?:-[a-z]+)*)'/g),
    ...sources.matchAll(/^ {2}'?([a-z]+(?:-[a-z]+)*)'?: \{$/gm),
    ...sources.matchAll(/^ {6}'([a-z]+(?:-[a-z]+)*)',\n {6}'(?:danger|warning|notice)'/gm),
    ...sources.matchAll(/\.\.\.tell\(\s*'([a-z]+(?:-[a-z]+)*)'/g),
  ].filter(([, code]) => code !== 'not-seen');
  expect(codes.length).toBeGreaterThan(35);
  expect(codes.map(([, code]) => code).filter((code) => !documented.includes(`| \`${code}\` |`))).toEqual([]);
});
