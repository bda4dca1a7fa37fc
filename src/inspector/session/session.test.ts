import { expect, it } from 'vitest';
import type { SessionEvent, SessionStatus } from '#api/contract.ts';
import { applyPatch } from '#core/diff/diff.ts';
import { parseContainer } from '#core/parse/container.ts';
import { toldText } from '#core/recording/happening.ts';
import type { Container, Engine, Snapshot } from '#core/snapshot/snapshot.ts';
import { setLanguage } from '#core/words/language.ts';
import { say } from '#core/words/words.ts';
import type { EngineEvent } from '../engine/events.ts';
import type { ProbeListener } from '../probe/launch.ts';
import { HelperRefusedError } from '../probe/refusal.ts';
import type { Clock } from './clock.ts';
import type { HelperLeave } from './notices.ts';
import { Session, type SessionEngine } from './session.ts';

/** Time that passes only when a test lets it. */
function createClock() {
  let now = 1_000_000;
  const due = new Map<() => void, number>();
  const clock: Clock = {
    now: () => now,
    after(ms, run) {
      const once = (): void => {
        due.delete(once);
        run();
      };
      due.set(once, now + ms);
      return () => void due.delete(once);
    },
  };
  return {
    clock,
    async pass(ms: number): Promise<void> {
      for (const end = now + ms; ; ) {
        await settled();
        const [next, at] = [...due].sort((a, b) => a[1] - b[1])[0] ?? [null, Number.POSITIVE_INFINITY];
        if (next === null || at > end) {
          now = end;
          return;
        }
        now = Math.max(now, at);
        next();
      }
    },
  };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A promise that the test keeps. */
function later<T>() {
  let resolve: (value: T) => void = () => {};
  let reject: (error: Error) => void = () => {};
  const promise = new Promise<T>((resolved, rejected) => {
    resolve = resolved;
    reject = rejected;
  });
  return { promise, resolve, reject };
}

const id = (letter: string): string => letter.repeat(64);
const ENGINE = { name: 'vm', endpoint: 'unix:///x', kernel: '6', arch: 'amd64', rootless: false } as Engine;

function container(letter: string, state = 'running'): Container {
  const parsed = parseContainer({ Id: id(letter), Name: letter, State: { Status: state } });
  if (parsed === null) throw new Error('no container');
  return parsed;
}

/** An engine that does what a test tells it to, and a session on it. */
function scripted(over: Partial<SessionEngine> = {}, helper: HelperLeave = 'granted') {
  const time = createClock();
  const events: ((event: EngineEvent) => void)[] = [];
  const probes: ProbeListener[] = [];
  const log: string[] = [];
  let snapshot: Snapshot | null = null;
  const statuses: SessionStatus[] = [];
  const happened: string[] = [];
  const link: SessionEngine = {
    describe: async () => ENGINE,
    withheld: null,
    ping: async () => {},
    events: async (onEvent) => void events.push(onEvent),
    removeLeftovers: async () => {},
    containers: async () => ({ containers: [], unreadable: 0, refusal: null }),
    container: async () => null,
    async launch(_engine, _args, privileged, listener) {
      probes.push(listener);
      log.push(privileged ? 'launch privileged' : 'launch');
      listener.onStdout(END);
      return {
        via: 'helper',
        rung: 'least',
        refused: null,
        write: async (bytes) => void log.push(String(bytes).trim()),
        pause() {},
        resume() {},
        stop: async () => void log.push('stop'),
      };
    },
    close: () => void log.push('close'),
    ...over,
  };
  const session = new Session({
    target: { type: 'engine', connect: async () => link },
    clock: time.clock,
    random: () => 0.5,
    privileged: false,
    helper,
    interval: 1_000,
    emit(event: SessionEvent) {
      if (event.type === 'status') statuses.push(event.status);
      else if (event.type === 'snapshot') snapshot = event.snapshot;
      else if (event.type === 'change' && snapshot !== null) snapshot = applyPatch(snapshot, event.patch);
      else if (event.type === 'event') happened.push(`${event.event.at} ${say(toldText(event.event))}`);
    },
  });
  return {
    ...time,
    session,
    log,
    statuses,
    happened,
    probe: () => probes.at(-1) as ProbeListener,
    event: (action: string, letter: string, more: Partial<EngineEvent> = {}) =>
      events.at(-1)?.({
        ...{ action, container: id(letter), timeNano: 0, name: letter, exitCode: '', helper: false },
        ...more,
      }),
    shown: () => snapshot?.containers.map(({ name, state }) => `${name} ${state}`).sort(),
    status: () => statuses.at(-1),
  };
}

const END = Buffer.from(
  `${JSON.stringify({ t: 'end', batch: 1, durationUs: 5_000, cpuUs: 1_000, processes: 0, unreadable: 0, vanished: 0, problems: [] })}\n`,
);

it('what is told while the list is on its way is newer than the list', async () => {
  const list = later<Awaited<ReturnType<SessionEngine['containers']>>>();
  const now = new Map([
    ['n', container('n')],
    ['c', container('c', 'exited')],
  ]);
  const { event, pass, shown, session } = scripted({
    containers: () => list.promise,
    container: async (asked) => now.get(asked[0] ?? '') ?? null,
  });
  await pass(0);
  event('start', 'n');
  event('die', 'c');
  event('destroy', 'd');
  await pass(0);
  // As it was before: without the new one, with one that ran, and with one that is gone.
  list.resolve({ containers: [container('c'), container('d'), container('o')], unreadable: 0, refusal: null });
  await pass(100);
  expect(shown()).toEqual(['c exited', 'n running', 'o running']);
  await session.close();
});

it('answers about one container never overtake each other', async () => {
  const first = later<Container | null>();
  const answers = [first.promise, Promise.resolve(container('a', 'exited'))];
  const { event, pass, shown, session } = scripted({ container: () => answers.shift() ?? Promise.resolve(null) });
  await pass(0);
  event('start', 'a');
  event('die', 'a');
  await pass(100);
  first.resolve(container('a'));
  await pass(100);
  expect(shown()).toEqual(['a exited']);
  event('destroy', 'a');
  await pass(100);
  expect(shown()).toEqual([]);
  await session.close();
});

it('a late answer about a removed container does not bring it back', async () => {
  const answer = later<Container | null>();
  const { event, pass, shown, session } = scripted({ container: () => answer.promise });
  await pass(0);
  event('start', 'a');
  event('destroy', 'a');
  answer.resolve(container('a'));
  await pass(100);
  expect(shown()).toEqual([]);
  await session.close();
});

it('a storm of events asks a few at a time', async () => {
  let asking = 0;
  let most = 0;
  const { event, pass, session } = scripted({
    async container() {
      most = Math.max(most, ++asking);
      await settled();
      asking -= 1;
      return null;
    },
  });
  await pass(0);
  for (const letter of '0123456789abcdef') for (let times = 0; times < 50; times++) event('start', letter);
  await pass(500);
  expect(most).toBeGreaterThan(1);
  expect(most).toBeLessThanOrEqual(8);
  await session.close();
});

it('many health checks do not scan back to back, and the first and the last are scanned', async () => {
  const { event, log, pass, session } = scripted();
  await pass(1_000);
  const scans = (): number => log.filter((line) => line === 'rescan').length;
  event('exec_start: check', 'a');
  expect(scans()).toBe(1);
  for (let check = 0; check < 200; check++) {
    event('exec_die', 'a');
    await pass(5);
  }
  // A second of checks: at most one scan in 100 ms, and with one that takes 50 ms one in half a second.
  expect(scans()).toBeLessThanOrEqual(12);
  const before = scans();
  event('exec_die', 'a');
  await pass(200);
  expect(scans()).toBe(before + 1);
  await session.close();
});

it('an engine that accepts and does not answer is said to, and tried again', async () => {
  const never = new Promise<never>(() => {});
  const { pass, status, session } = scripted({ containers: () => never });
  await pass(59_000);
  expect(status()).toBeUndefined();
  await pass(1_500);
  expect(status()?.message).toMatch(/did not list its containers within 60 s\.$/);
  session.close();
});

it('what earlier runs left is removed first, but an engine that hangs at it is shown all the same', async () => {
  const never = new Promise<never>(() => {});
  const { pass, status, session } = scripted({ removeLeftovers: () => never });
  await pass(9_000);
  expect(status()).toBeUndefined();
  await pass(1_500);
  expect(status()?.phase).toBe('live');
  await session.close();
});

it('a probe that writes without ever finishing a scan does not keep anybody waiting', async () => {
  const { pass, statuses, session, probe } = scripted();
  await pass(10);
  const writes = async (seconds: number): Promise<void> => {
    for (let second = 0; second < seconds; second++) {
      probe().onStdout(Buffer.from('\n'));
      await pass(1_000);
    }
  };
  await writes(60);
  expect(statuses.map(({ phase }) => phase)).toEqual(['live']);
  await writes(3);
  expect(statuses[1]).toMatchObject({ phase: 'stale', message: 'The probe does not answer any more.' });
  await session.close();
});

it('the end of a life is told at once, also where the engine does not let go of its helper', async () => {
  const never = new Promise<never>(() => {});
  const told = scripted({
    async launch(_engine, _args, _privileged, listener) {
      listener.onStdout(END);
      return {
        via: 'helper',
        rung: 'least',
        refused: null,
        write: async () => {},
        pause() {},
        resume() {},
        stop: () => never,
      };
    },
  });
  await told.pass(10);
  expect(told.status()?.phase).toBe('live');
  await told.pass(16_500);
  const stale = told.statuses.find(({ phase }) => phase === 'stale');
  expect(stale?.message).toContain('does not answer any more');
});

it('a stopped engine is noticed by its silence, also where the probe goes on', async () => {
  let silent = false;
  const told = scripted({
    ping: async () => {
      if (silent) throw new Error('The engine did not answer /_ping within 8 s');
    },
  });
  await told.pass(10);
  for (let second = 0; second < 20; second++) {
    told.probe().onStdout(END);
    await told.pass(1_000);
  }
  expect(told.status()?.phase).toBe('live');
  silent = true;
  for (let second = 0; second < 6; second++) {
    told.probe().onStdout(END);
    await told.pass(1_000);
  }
  expect(told.statuses.map(({ phase }) => phase)).toContain('stale');
  await told.session.close();
});

it('a consent starts the probe again at once, and holds for the lives after it', async () => {
  let told: ReturnType<typeof scripted> | null = null;
  const refused = new HelperRefusedError('helper-refused', 'Refused.', 'Allow it.', true);
  const log: string[] = [];
  told = scripted({
    async launch(_engine, _args, privileged) {
      log.push(privileged ? 'privileged' : 'least');
      throw refused;
    },
  });
  await told.pass(10);
  expect(told.status()?.notices[0]).toMatchObject({ code: 'helper-refused', action: 'privileged-helper' });
  told.session.allowPrivileged();
  await told.pass(10);
  expect(log).toEqual(['least', 'privileged']);
  await told.session.close();
});

it('what was told is told again in the language that was chosen', async () => {
  const told = scripted({}, 'unasked');
  await told.pass(10);
  expect(told.status()?.message).toBe('Live: vm.');
  setLanguage('zh-CN');
  try {
    told.session.sayAgain();
    expect(told.status()).toMatchObject({
      phase: 'live',
      message: '实时：vm。',
      notices: [
        { code: 'helper-unasked', message: expect.stringMatching(/^读取进程和命名空间的辅助容器尚未启动/) as string },
      ],
    });
  } finally {
    setLanguage('en');
  }
  await told.session.close();
});

it('a helper that ends while it starts ends the life, and closing removes what has started', async () => {
  const told = scripted();
  await told.pass(10);
  told.probe().onEnd(() => 'its helper container ended');
  await told.pass(10);
  expect(told.log).toEqual(['launch', 'stop', 'close']);
  expect(told.status()?.message).toContain('The probe ended: its helper container ended.');
  await told.pass(1_000);
  expect(told.status()?.phase).toBe('live');
  await told.session.close();
  expect(told.log).toEqual(['launch', 'stop', 'close', 'launch', 'stop', 'close']);
});

it('no helper starts before the user has agreed, nor where it may never run, and the engine’s facts are shown', async () => {
  const told = scripted(
    { containers: async () => ({ containers: [container('a')], unreadable: 0, refusal: null }) },
    'unasked',
  );
  await told.pass(10);
  expect(told.log).toEqual([]);
  expect(told.shown()).toEqual(['a running']);
  expect(told.status()).toMatchObject({ phase: 'live', notices: [{ code: 'helper-unasked', action: 'helper' }] });
  told.session.setHelper('granted');
  await told.pass(10);
  expect(told.log).toEqual(['close', 'launch']);
  expect(told.status()?.notices).toEqual([]);
  told.session.setHelper('never');
  await told.pass(10);
  expect(told.log).toEqual(['close', 'launch', 'stop', 'close']);
  expect(told.shown()).toEqual(['a running']);
  expect(told.status()).toMatchObject({ notices: [{ code: 'helper-never', action: 'helper' }] });
  await told.session.close();
});

it('what the engine tells of lives, memory and execs is told on, of our own helpers nothing', async () => {
  const told = scripted();
  await told.pass(0);
  told.event('create', 'a');
  told.event('start', 'a', { name: 'short' });
  told.event('exec_create: sh -c id', 'a', { name: 'short' });
  told.event('exec_start: sh -c id', 'a', { name: 'short' });
  told.event('exec_die', 'a', { name: 'short' });
  told.event('oom', 'a', { name: 'short' });
  told.event('die', 'a', { name: 'short', exitCode: '137' });
  told.event('start', 'b', { name: 'helper', helper: true });
  told.event('start', 'c', { name: '' });
  const [now] = told.happened[0]?.split(' ') ?? [];
  expect(told.happened).toEqual(
    [
      'short started',
      'exec in short: sh -c id',
      'short ran out of memory, and the kernel killed a process of it',
      'short died, exit code 137',
      `${'c'.repeat(12)} started`,
    ].map((text) => `${now} ${text}`),
  );
  await told.session.close();
});
