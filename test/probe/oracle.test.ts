import { execFileSync } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { NAMESPACE_KINDS } from '../../src/core/snapshot/namespace.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, PROBE, PROBE_NEEDS, parseScan, type Scan, scan } from './probe.ts';

interface Row {
  readonly ns: number;
  readonly type: string;
  readonly nprocs: number;
  readonly ons: number;
  readonly pns: number;
}

function lsns(): Row[] {
  const text = execFileSync('lsns', ['-J', '--output-all'], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  const { namespaces } = JSON.parse(text) as { namespaces: Record<string, unknown>[] };
  return namespaces.map((row) => ({
    ns: Number(row.ns),
    type: String(row.type),
    nprocs: Number(row.nprocs),
    ons: Number(row.ons),
    pns: Number(row.pns),
  }));
}

const SELF = ['lsns', 'bulkhead-probe'];

/** What lsns says when nothing changed while both looked: processes come and go on a live machine. */
function together(): { rows: Row[]; seen: Scan } {
  for (let attempt = 0; attempt < 30; attempt++) {
    const before = lsns();
    const seen = scan();
    const after = lsns();
    if (JSON.stringify(before) === JSON.stringify(after)) return { rows: before, seen };
  }
  throw new Error('the machine never stood still between two runs of lsns');
}

const inodeOf = (id: string | null): number => Number(/\d+/.exec(id ?? '')?.[0] ?? 0);

describeWith('the probe beside lsns', PROBE_NEEDS, () => {
  const children = createChildren();
  let folder: string;
  let holder: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-probe-'));
    holder = join(folder, 'holder');
    execFileSync('gcc', ['-O1', '-pthread', '-o', holder, 'native/probe/test/holder.c']);
  });
  afterEach(() => children.end());
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const say = ['sh', '-c', 'echo ready; exec sleep 1000'];

  it('sees the same namespaces with as many processes, owners and parents', async () => {
    await children.start('unshare', '--mount', '--uts', '--ipc', '--net', '--cgroup', ...say);
    await children.start(
      'unshare',
      '--user',
      '--map-root-user',
      '--pid',
      '--fork',
      '--kill-child',
      '--mount-proc',
      ...say,
    );
    await children.start('unshare', '--time', '--fork', '--kill-child', ...say);
    const nested = ['unshare', '--user', '--map-root-user', '--net', ...say];
    await children.start('unshare', '--user', '--map-root-user', ...nested);
    const { rows, seen } = together();
    const counts = new Map<number, number>();
    for (const { namespaces, comm } of seen.processes.values()) {
      for (const kind of NAMESPACE_KINDS) {
        const inode = inodeOf(namespaces[kind]);
        if (inode > 0 && !SELF.includes(comm)) counts.set(inode, (counts.get(inode) ?? 0) + 1);
      }
    }
    const found = [...seen.namespaces.values()].filter(({ inode }) => counts.has(inode));
    // lsns counts itself, where the probe counts itself: one in each of the namespaces that both are in.
    const own = new Set(NAMESPACE_KINDS.map((kind) => inodeOf(readlinkSync(`/proc/self/ns/${kind}`))));
    expect(found.map(({ inode }) => inode).sort()).toEqual(rows.map(({ ns }) => ns).sort());
    for (const { ns, type, nprocs, ons, pns } of rows) {
      const one = found.find(({ inode }) => inode === ns);
      expect(one?.kind).toBe(type);
      expect(counts.get(ns), `processes in ${one?.id}`).toBe(own.has(ns) ? nprocs - 1 : nprocs);
      expect(inodeOf(one?.owner ?? null), `owner of ${one?.id}`).toBe(ons);
      expect(inodeOf(one?.parent ?? null), `parent of ${one?.id}`).toBe(pns);
    }
    // The outer one of the two nested has no process any more: lsns knows it as a parent and does not list it.
    const users = [...seen.namespaces.values()].filter(({ kind }) => kind === 'user');
    const listed = rows.filter(({ type }) => type === 'user');
    expect(listed.length).toBeGreaterThanOrEqual(3);
    expect(users.length).toBeGreaterThan(listed.length);
  });

  it('sees what only a bind mount holds', () => {
    const name = `bulkhead-${process.pid}`;
    execFileSync('ip', ['netns', 'add', name]);
    try {
      const held = [...scan().namespaces.values()].find(({ pins }) =>
        pins.some((pin) => pin.type === 'mount' && pin.path.endsWith(`/netns/${name}`)),
      );
      expect(held).toMatchObject({ kind: 'net', initial: false, owner: readlinkSync('/proc/self/ns/user') });
      expect(lsns().some(({ ns }) => ns === held?.inode)).toBe(false);
    } finally {
      execFileSync('ip', ['netns', 'del', name]);
    }
  });

  it('sees what is mounted in a private mount namespace only', async () => {
    const file = join(folder, 'kept');
    const pin = `touch ${file}; unshare --uts=${file} true; readlink /proc/self/ns/mnt; exec sleep 1000`;
    const { line } = await children.start('unshare', '--mount', 'sh', '-c', pin);
    const held = [...scan().namespaces.values()].filter(({ pins }) =>
      pins.some((one) => one.type === 'mount' && one.path === file),
    );
    expect(held).toHaveLength(1);
    expect(held[0]).toMatchObject({ kind: 'uts', pins: [{ type: 'mount', path: file, mnt: line }] });
  });

  it.each([
    ['an open descriptor', 'fd', 'fd'],
    ['a thread', 'thread', 'thread'],
    ['a process, for its children: pid', 'children', 'for_children'],
    ['a process, for its children: time', 'time', 'for_children'],
  ])('sees what is held only by %s', async (_what, how, type) => {
    const { pid, line } = await children.start(holder, how);
    const [number, id = ''] = line.split(' ');
    const seen = scan();
    const pins = seen.namespaces.get(id)?.pins ?? [];
    expect(pins, JSON.stringify(pins)).toContainEqual(expect.objectContaining({ type, pid }));
    expect(seen.namespaces.get(id)?.owner).toBe(readlinkSync('/proc/self/ns/user'));
    if (how === 'thread') {
      expect(seen.processes.get(pid)?.threadNamespaces).toEqual([
        { tid: Number(number), comm: 'holder', namespaces: { net: id } },
      ]);
    }
    if (how === 'children') expect(seen.processes.get(pid)?.namespaces.pid_for_children).toBe(id);
    if (how === 'time') expect(seen.processes.get(pid)?.namespaces.time_for_children).toBe(id);
  });

  const python = (script: readonly string[]) => children.start('python3', '-c', script.join('\n'));
  const enterNew = [
    'import ctypes, os, socket, sys, threading, time',
    'libc = ctypes.CDLL(None)',
    "home = os.open('/proc/self/ns/net', os.O_RDONLY)",
  ];

  it('sees a descriptor that was opened where the namespace is mounted, also when it is mounted no more', async () => {
    const [mounted, gone] = [`bulkhead-a-${process.pid}`, `bulkhead-b-${process.pid}`];
    for (const name of [mounted, gone]) execFileSync('ip', ['netns', 'add', name]);
    try {
      const { pid, line } = await python([
        'import os, time',
        `a = os.open('/run/netns/${mounted}', os.O_RDONLY)`,
        `b = os.open('/run/netns/${gone}', os.O_RDONLY)`,
        `os.system('ip netns del ${gone}')`,
        'print(a, os.fstat(a).st_ino, b, os.fstat(b).st_ino, flush=True)',
        'time.sleep(1000)',
      ]);
      const [a, first, b, second] = line.split(' ').map(Number);
      expect(readlinkSync(`/proc/${pid}/fd/${a}`)).toMatch(/^\//);
      const { namespaces } = scan();
      expect(namespaces.get(`net:[${first}]`)?.pins).toContainEqual({ type: 'fd', pid, fd: a });
      expect(namespaces.get(`net:[${second}]`)).toMatchObject({
        kind: 'net',
        pins: [{ type: 'fd', pid, fd: b }],
        owner: readlinkSync('/proc/self/ns/user'),
      });
    } finally {
      execFileSync('ip', ['netns', 'del', mounted]);
    }
  });

  it('sees what is held only by a socket that was made there, one for all of a process', async () => {
    const { pid, line } = await python([
      ...enterNew,
      'libc.unshare(0x40000000)',
      "inside = os.readlink('/proc/self/ns/net')",
      'sockets = [socket.socket() for _ in range(5)]',
      'libc.setns(home, 0x40000000)',
      'os.close(home)',
      'print(inside, sockets[0].fileno(), flush=True)',
      'time.sleep(1000)',
    ]);
    const [id = '', fd] = line.split(' ');
    expect(scan().namespaces.get(id)).toMatchObject({
      kind: 'net',
      pins: [{ type: 'fd', pid, fd: Number(fd), socket: true }],
      owner: readlinkSync('/proc/self/ns/user'),
    });
  });

  it('tells a socket that several hold with each of them, and no other socket in its place', async () => {
    const first = await python([
      ...enterNew,
      'libc.unshare(0x40000000)',
      "inside = os.readlink('/proc/self/ns/net')",
      'made = socket.socket()',
      'libc.setns(home, 0x40000000)',
      'heir = os.fork()',
      'if heir: print(inside, made.fileno(), heir, flush=True)',
      'time.sleep(1000)',
    ]);
    // More than the probe remembers, so that some have the place of that one.
    const others = await python([
      'import resource, socket, time',
      'resource.setrlimit(resource.RLIMIT_NOFILE, (2000, 2000))',
      'held = [socket.socket() for _ in range(1100)]',
      "print('ready', flush=True)",
      'time.sleep(1000)',
    ]);
    expect(others.pid).toBeGreaterThan(first.pid);
    const [id = '', fd, heir] = first.line.split(' ');
    try {
      const pins = [first.pid, Number(heir)].map((pid) => ({ type: 'fd', pid, fd: Number(fd), socket: true }));
      expect(scan().namespaces.get(id)?.pins).toEqual(pins);
    } finally {
      process.kill(Number(heir), 'SIGKILL');
    }
  });

  it.each([
    ['the kernel lacks', 38],
    ['an engine forbids', 1],
  ])('says the same where %s newer calls, but for who holds a namespace by a socket', async (_who, error) => {
    const program = join(folder, 'target');
    execFileSync('gcc', ['-O1', '-o', program, 'native/probe/test/target.c']);
    const [opened, mounted] = [`bulkhead-c-${process.pid}`, `bulkhead-d-${process.pid}`];
    for (const name of [opened, mounted]) execFileSync('ip', ['netns', 'add', name]);
    try {
      const { pid, line } = await python([
        ...enterNew,
        'libc.unshare(0x40000000)',
        "inside = os.readlink('/proc/self/ns/net')",
        'made = socket.socket()',
        'libc.setns(home, 0x40000000)',
        `held = os.open('/run/netns/${opened}', os.O_RDONLY)`,
        'print(inside, held, os.fstat(held).st_ino, flush=True)',
        'time.sleep(1000)',
      ]);
      const [bySocket = '', fd, inode] = line.split(' ');
      const text = execFileSync(program, ['older', String(error), PROBE, 'scan'], { encoding: 'utf8' });
      const [older, newer] = [parseScan(text), scan()];
      expect(newer.namespaces.has(bySocket)).toBe(true);
      expect(older.namespaces.has(bySocket)).toBe(false);
      const byFile = older.namespaces.get(`net:[${inode}]`);
      expect(byFile).toEqual(newer.namespaces.get(`net:[${inode}]`));
      expect(byFile?.pins).toContainEqual({ type: 'fd', pid, fd: Number(fd) });
      const byMount = older.namespaces.get(`net:[${statSync(`/run/netns/${mounted}`).ino}]`);
      expect(byMount).toMatchObject({
        pins: [{ type: 'mount', path: `/run/netns/${mounted}`, mnt: readlinkSync('/proc/self/ns/mnt') }],
        owner: readlinkSync('/proc/self/ns/user'),
      });
      expect(older.processes.get(pid)).toEqual(newer.processes.get(pid));
    } finally {
      for (const name of [opened, mounted]) execFileSync('ip', ['netns', 'del', name]);
    }
  });

  it('sees what is mounted only in the tree of a thread', async () => {
    const file = join(folder, 'of-a-thread');
    const { line } = await python([
      ...enterNew,
      'def work():',
      '    libc.unshare(0x20000 | 0x200)',
      `    open('${file}', 'w').close()`,
      "    libc.mount(None, b'/', None, 0x44000, None)",
      '    libc.unshare(0x4000000)',
      `    libc.mount(b'/proc/thread-self/ns/uts', b'${file}', None, 0x1000, None)`,
      "    uts = os.readlink('/proc/thread-self/ns/uts')",
      "    own = os.open('/proc/self/ns/uts', os.O_RDONLY); libc.setns(own, 0x4000000); os.close(own)",
      "    print(uts, os.readlink('/proc/thread-self/ns/mnt'), flush=True)",
      '    time.sleep(1000)',
      'threading.Thread(target=work, daemon=True).start()',
      'time.sleep(1000)',
    ]);
    const [id = '', mnt = ''] = line.split(' ');
    expect(scan().namespaces.get(id)).toMatchObject({
      kind: 'uts',
      pins: [{ type: 'mount', path: file, mnt }],
      owner: readlinkSync('/proc/self/ns/user'),
    });
  });
});
