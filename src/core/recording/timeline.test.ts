import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { diffSnapshots } from '../diff/diff.ts';
import { type ContainerSketch, idOf, snapshotOf } from '../snapshot/build.testing.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { say } from '../words/words.ts';
import type { Told } from './happening.ts';
import { decodeEntry, decodeRecording, encodeEntry } from './recording.ts';
import {
  type Bounds,
  beginOf,
  beginTimeline,
  changeTimes,
  entriesOf,
  gapAt,
  liveBounds,
  pictureAt,
  recordChange,
  recordEntry,
  recordLoss,
  recordSnapshot,
  recordTold,
  seenAgain,
  type Timeline,
} from './timeline.ts';

const BEGIN = Date.UTC(2026, 0, 1, 12);
const time = (seconds: number): string => new Date(BEGIN + seconds * 1_000).toISOString();
const at = (seconds: number, containers: readonly ContainerSketch[]): Snapshot => ({
  ...snapshotOf({ containers }),
  takenAt: time(seconds),
});

function recordAll(snapshots: readonly Snapshot[], bounds: Bounds = liveBounds(10)): Timeline {
  const [first, ...rest] = snapshots;
  if (first === undefined) throw new Error('nothing to record');
  return rest.reduce(recordSnapshot, beginTimeline(first, bounds));
}

const told = (seconds: number, what: Told['what'], name: string, detail = ''): Told => ({
  at: time(seconds),
  what,
  container: idOf(name),
  name,
  detail,
});

const texts = ({ happenings }: Timeline): string[] =>
  happenings.map(({ text, seen }) => `${say(text)}${seen ? '' : ' (not seen)'}`);

describe('moments', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));

  it('each is as it was, however many there are', () => {
    fc.assert(
      fc.property(fc.array(names, { minLength: 1, maxLength: 70 }), (list) => {
        const snapshots = list.map((each, second) =>
          at(
            second,
            each.map((name) => ({ name })),
          ),
        );
        const timeline = recordAll(snapshots);
        for (const [second, snapshot] of snapshots.entries()) {
          const { takenAt: _, probe: __, ...shown } = pictureAt(timeline, BEGIN + second * 1_000);
          expect(snapshot).toMatchObject(shown);
        }
        expect(pictureAt(timeline, 0)).toEqual(snapshots[0]);
      }),
    );
  });

  it('what did not change is held once', () => {
    const timeline = recordAll(
      Array.from({ length: 50 }, (_, second) => at(second, [{ name: 'a' }, { name: `b${second}` }])),
    );
    const [first, last] = [pictureAt(timeline, BEGIN), timeline.newest];
    const a = ({ containers }: Snapshot) => containers.find(({ name }) => name === 'a');
    expect(a(first)).toBe(a(last));
  });

  it('a clock that is set back changes no order', () => {
    const timeline = recordAll([at(10, [{ name: 'a' }]), at(3, [{ name: 'b' }]), at(12, [{ name: 'c' }])]);
    expect(changeTimes(timeline)).toEqual([BEGIN + 10_000, BEGIN + 12_000]);
    expect(pictureAt(timeline, BEGIN + 11_000).containers.map(({ name }) => name)).toEqual(['b']);
  });
});

describe('bounds', () => {
  const many = Array.from({ length: 400 }, (_, index) =>
    at(index * 10, [{ name: 'a' }, { name: `b${index}`, container: { image: `i${index}` } }]),
  );

  it('ten minutes are kept, and little more', () => {
    const timeline = recordAll(many);
    const kept = 3_990 * 1_000 - (beginOf(timeline) - BEGIN);
    expect(kept).toBeGreaterThanOrEqual(liveBounds(10).time);
    expect(kept).toBeLessThan(liveBounds(10).time + 21 * 10_000);
    expect(timeline.dropped).toBe('time');
    expect(timeline.happenings.every((one) => one.at >= BEGIN + 3_990_000 - liveBounds(10).time)).toBe(true);
  });

  it('the memory is bounded, and what is counted is what is there', () => {
    const bytes = 60_000;
    const timeline = recordAll(many, { time: Number.POSITIVE_INFINITY, bytes });
    expect(timeline.bytes).toBeLessThanOrEqual(bytes);
    expect(timeline.bytes).toBeGreaterThan(bytes / 2);
    expect(timeline.dropped).toBe('bytes');
    expect(timeline.newest).toEqual(pictureAt(timeline, Number.POSITIVE_INFINITY));
    // Let go in another order, the same remains.
    const whole = recordAll(many, { time: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY });
    expect(whole.bytes).toBeGreaterThan(timeline.bytes);
    expect(whole.dropped).toBeNull();
  });

  it('a machine that is larger than the bound keeps its present', () => {
    const large = (second: number) =>
      at(
        second,
        Array.from({ length: 50 }, (_, index) => ({ name: `c${index}-${second}` })),
      );
    const timeline = recordAll([large(0), large(1), large(2)], { time: liveBounds(10).time, bytes: 1_000 });
    expect(timeline.stretches).toHaveLength(1);
    expect(timeline.newest.containers.some(({ name }) => name === 'c0-2')).toBe(true);
  });

  it('a storm of what the engine tells is bounded', () => {
    let timeline = beginTimeline(at(0, []), liveBounds(10));
    for (let index = 0; index < 2_500; index++) {
      timeline = recordTold(timeline, told(index / 1_000, 'exec', 'a', 'x'.repeat(20)));
    }
    expect(timeline.happenings).toHaveLength(2_000);
    expect(timeline.happenings.at(-1)?.at).toBe(BEGIN + 2_499);
  });
});

describe('what happened', () => {
  it('started, joined, left, broken and died are told by the moments alone', () => {
    const shared = { modes: { net: 'container:web', ipc: '', pid: '', uts: '', user: '', cgroup: '' } };
    const web = { name: 'web' };
    const side = { name: 'side', namespaces: { net: 'web' }, container: shared };
    const timeline = recordAll([
      at(0, [web]),
      at(1, [web, side]),
      // Set to share, and cut off: web has another namespace.
      at(2, [web, { name: 'side', container: shared }]),
      at(3, [web]),
      at(4, [{ name: 'web', running: false, container: { exitCode: 137 } }]),
    ]);
    expect(texts(timeline)).toEqual([
      'side started',
      'side joined the net namespace of web',
      'process 1001 sleep in side made namespaces of its own: net',
      'side left the net namespace of web',
      'side no longer shares the net namespace of web, although it is set to',
      'side died and was removed',
      'web died, exit code 137',
    ]);
  });

  it('what is with the machine by choice is told, and by default not', () => {
    const timeline = recordAll([at(0, []), at(1, [{ name: 'proxy', namespaces: { net: 'host' } }])]);
    expect(texts(timeline)).toEqual(['proxy started', 'proxy joined the net namespace of the machine']);
  });

  it('our own helpers, and what a runtime is setting up, are nobody’s news', () => {
    const belongs = { by: 'cgroup', cgroupOf: null, disagrees: false, starting: true } as const;
    const timeline = recordAll([
      at(0, [{ name: 'web' }]),
      at(1, [{ name: 'web' }, { name: 'helper', namespaces: { net: 'web' }, container: { helper: true } }]),
      at(2, [{ name: 'web' }, { name: 'new', namespaces: { net: 'web' }, process: { belongs } }]),
    ]);
    expect(texts(timeline)).toEqual(['new started']);
  });

  it('what the engine tells is said once, and without a picture where no moment shows it', () => {
    let timeline = beginTimeline(at(0, [{ name: 'web' }]), liveBounds(10));
    timeline = recordTold(timeline, told(1, 'started', 'short'));
    timeline = recordTold(timeline, told(1.2, 'died', 'short', '0'));
    timeline = recordTold(timeline, told(2, 'started', 'long'));
    timeline = recordSnapshot(timeline, at(2.5, [{ name: 'web' }, { name: 'long' }]));
    timeline = recordTold(timeline, told(3, 'oom', 'web'));
    expect(texts(timeline)).toEqual([
      'short started (not seen)',
      'short died, exit code 0 (not seen)',
      'long started',
      'web ran out of memory, and the kernel killed a process of it',
    ]);
  });

  it('what the engine told leads to the moment that shows it, and is written as it was told', () => {
    let timeline = recordTold(beginTimeline(at(0, [{ name: 'web' }]), liveBounds(10)), told(1, 'started', 'new'));
    timeline = recordSnapshot(timeline, at(1.4, [{ name: 'web' }, { name: 'new' }]));
    const [started] = timeline.happenings;
    expect(pictureAt(timeline, started?.at ?? 0).containers.map(({ name }) => name)).toContain('new');
    const types = [...entriesOf(timeline)].map(({ type }) => type);
    expect(types).toEqual(['snapshot', 'event', 'change']);
    const read = [...entriesOf(timeline)].reduce<Timeline | null>(
      (all, one) => recordEntry(all, one, liveBounds(10)),
      null,
    );
    expect(read?.happenings).toEqual(timeline.happenings);
  });

  it('an exec is seen where a process came into the container from outside of it', () => {
    const before = at(0, [{ name: 'web' }]);
    const [, init] = before.processes;
    const child = { ...(init ?? expect.fail('no init')), pid: 5_000, ppid: 1, startTime: 9_000 };
    const after = { ...before, takenAt: time(2), processes: [...before.processes, child] };
    const begun = recordTold(beginTimeline(before, liveBounds(10)), told(1, 'exec', 'web', 'sh -c id'));
    expect(texts(begun)).toEqual(['exec in web: sh -c id (not seen)']);
    expect(texts(recordSnapshot(begun, after))).toEqual(['exec in web: sh -c id']);
    // A child of the container's own is no exec.
    const own = { ...after, processes: [...before.processes, { ...child, ppid: init?.pid ?? 0 }] };
    expect(texts(recordSnapshot(begun, own))).toEqual(['exec in web: sh -c id (not seen)']);
  });

  it('connections to networks, and cuts, are told of what goes on running', () => {
    const network = (name: string, ip: string | null) => ({ name, id: null, ip, mac: null });
    const web = (...networks: ReturnType<typeof network>[]): ContainerSketch => ({
      name: 'web',
      container: { networks },
    });
    const bridge = network('bridge', '172.17.0.2');
    const timeline = recordAll([
      at(0, []),
      at(1, [web(bridge)]),
      at(2, [web(bridge, network('back', '10.0.0.2'))]),
      at(3, [web(network('back', '10.0.0.2'), network('far', null))]),
      // An address that changes is no other network; what ends loses all of them.
      at(4, [web(network('back', '10.0.0.3'), network('far', null))]),
      at(5, [{ name: 'web', running: false }]),
    ]);
    expect(texts(timeline)).toEqual([
      'web started',
      'web was connected to the network back, as 10.0.0.2',
      'web was connected to the network far',
      'web was disconnected from the network bridge',
      'web died',
    ]);
  });

  describe('namespaces that processes make', () => {
    const before = at(0, [{ name: 'web' }]);
    const web = before.processes.find(({ container }) => container === idOf('web')) ?? expect.fail('no process');
    const made = 'net:[4026539999]';
    const namespace = { ...(before.namespaces.find(({ kind }) => kind === 'net') ?? expect.fail()), id: made };
    const child = { ...web, pid: web.pid + 500, startTime: 9_999, ppid: web.pid };
    const inMade = { ...web.namespaces, net: made };
    const withProcesses = (processes: Snapshot['processes']): Snapshot['processes'] => {
      const known = new Set(processes.map(({ pid }) => pid));
      const rest = before.processes.filter(({ pid }) => !known.has(pid));
      return [...rest, ...processes].sort((a, b) => a.pid - b.pid);
    };
    const toldAfter = (first: Snapshot, ...processes: Snapshot['processes']): string[] => {
      const snapshot = {
        ...before,
        takenAt: time(1),
        processes: withProcesses(processes),
        namespaces: [...before.namespaces, { ...namespace, inode: 4_026_539_999, pids: [] }],
      };
      return texts(recordSnapshot(beginTimeline(first, liveBounds(10)), snapshot));
    };
    const toldOf = (...processes: Snapshot['processes']): string[] => toldAfter(before, ...processes);

    it('are told once, with who made them', () => {
      const told = `process ${child.pid} sleep in web made namespaces of its own: net`;
      expect(toldOf({ ...child, namespaces: inMade })).toEqual([told]);
      // Its own child came with it in the same look.
      const grandchild = { ...child, pid: child.pid + 1, ppid: child.pid, namespaces: inMade };
      expect(toldOf({ ...child, namespaces: inMade }, grandchild)).toEqual([told]);
      expect(toldOf({ ...web, namespaces: inMade })).toEqual([
        `process ${web.pid} sleep in web made namespaces of its own: net`,
      ]);
      const forChildren = { ...web.namespaces, pid_for_children: made };
      expect(toldOf({ ...web, namespaces: forChildren })).toHaveLength(1);
    });

    it('are told of processes outside of containers, and not of those that set up a container', () => {
      const outside = { ...child, container: null, belongs: null, ppid: 1, namespaces: inMade };
      const init = { ...outside, pid: 1, ppid: 0, startTime: 1, namespaces: web.namespaces };
      expect(toldOf(init, outside)).toEqual([
        `process ${child.pid} sleep, outside of all containers, made namespaces of its own: net`,
      ]);
      expect(toldOf(init, { ...outside, comm: 'runc:[2:INIT]' })).toEqual([]);
    });

    it('are told of what is exec’ed, and not where it has what its container begins with', () => {
      const exec = { ...child, ppid: 1, namespaces: inMade };
      expect(toldOf(exec)).toHaveLength(1);
      // The container restarted, and its health is looked at in the same moment.
      expect(texts(recordAll([at(0, []), at(1, [{ name: 'web' }])]))).toEqual(['web started']);
      const restarted = { ...web, startTime: 9_998, namespaces: inMade };
      expect(toldOf(restarted, exec)).toEqual([]);
    });

    it('are told of what is exec’ed and was seen before, while the runtime set it up', () => {
      const belongs = { by: 'namespaces', cgroupOf: null, disagrees: true, starting: true } as const;
      const setUp = { ...child, ppid: 1, comm: 'runc:[2:INIT]', belongs };
      const first = { ...before, processes: withProcesses([setUp]) };
      expect(toldAfter(first, { ...child, ppid: 1, namespaces: inMade })).toHaveLength(1);
      expect(toldAfter(first, { ...child, ppid: 1 })).toEqual([]);
    });
  });

  it('a container that was there before it was known did not start', () => {
    const container = { startedAt: '2025-12-31T00:00:00Z' };
    expect(texts(recordAll([at(0, []), at(1, [{ name: 'old', container }])]))).toEqual([]);
  });
});

it('what is kept is written, and read again as it was', () => {
  const snapshots = Array.from({ length: 260 }, (_, index) =>
    at(index, [{ name: 'web' }, { name: `b${Math.floor(index / 2)}`, container: { image: `i${index}` } }]),
  );
  let timeline = recordAll(snapshots.slice(0, 100));
  timeline = recordTold(timeline, told(99.2, 'started', 'short'));
  timeline = seenAgain(recordLoss(timeline, BEGIN + 99_300), BEGIN + 99_600);
  timeline = snapshots.slice(100).reduce(recordSnapshot, timeline);
  const written = [...entriesOf(timeline)].map(encodeEntry);
  const kinds = written.map((text) => (JSON.parse(text) as { type: string }).type);
  expect(kinds.filter((kind) => kind === 'event' || kind === 'gap')).toEqual(['event', 'gap']);
  expect(kinds.indexOf('event')).toBeGreaterThan(kinds.indexOf('snapshot'));
  const whole = kinds.flatMap((kind, index) => (kind === 'snapshot' ? [index] : []));
  expect(whole.length).toBeGreaterThan(2);
  expect(whole.every((index, nth) => index - (whole[nth - 1] ?? index) <= 102)).toBe(true);
  // A reader that knows nothing of what lies between them finds the moments.
  expect(decodeRecording(written, false)).toMatchObject({ problem: null });
  const bounds = { time: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY };
  let read: Timeline | null = null;
  for (const text of written) {
    const entry = decodeEntry(text);
    if (typeof entry === 'string') throw new Error(entry);
    read = recordEntry(read, entry, bounds);
  }
  if (read === null) throw new Error('nothing was read');
  expect(texts(read)).toEqual(texts(timeline));
  expect(read.gaps).toEqual(timeline.gaps);
  for (const moment of changeTimes(timeline)) expect(pictureAt(read, moment)).toEqual(pictureAt(timeline, moment));
  expect(recordEntry(null, { type: 'event', event: told(0, 'oom', 'x') }, bounds)).toBeNull();
});

it('what nobody saw is a gap, until something is seen', () => {
  let timeline = beginTimeline(at(0, [{ name: 'a' }]), liveBounds(10));
  timeline = recordLoss(timeline, BEGIN + 5_000);
  expect(recordLoss(timeline, BEGIN + 6_000)).toBe(timeline);
  expect(gapAt(timeline, BEGIN + 8_000)).toEqual({ from: BEGIN + 5_000, to: null });
  const found = seenAgain(timeline, BEGIN + 9_000);
  expect(gapAt(found, BEGIN + 8_000)).toEqual({ from: BEGIN + 5_000, to: BEGIN + 9_000 });
  expect(gapAt(found, BEGIN + 9_500)).toBeNull();
  expect(seenAgain(found, BEGIN + 20_000)).toBe(found);
  const patch = diffSnapshots(timeline.newest, at(12, [])) ?? expect.fail('no patch');
  expect(recordChange(timeline, patch).gaps).toEqual([{ from: BEGIN + 5_000, to: BEGIN + 12_000 }]);
});
