import { describe, expect, it } from 'vitest';
import type { EndpointReport, SessionStatus } from '#api/contract.ts';
import { DEFAULT_SETTINGS } from '#api/settings.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import { type CostSample, cpuShare, keepSamples } from './cost.ts';
import { filterValue, withFilterValue } from './filter-words.ts';
import { shownTimeline, stepFrom } from './moment.ts';
import { reduce } from './reduce.ts';
import { find } from './search.ts';
import { firstChoice, INITIAL, isStale, liveEndpoint, type State, shownSnapshot } from './state.ts';

function endpoint(id: string, extra: Partial<EndpointReport> = {}): EndpointReport {
  const type = id === 'local' || id === 'demo' ? id : 'engine';
  return {
    id,
    name: id,
    type,
    address: null,
    sources: [],
    current: false,
    usable: true,
    reason: null,
    engine: null,
    ...extra,
  };
}

const status = (phase: SessionStatus['phase']): SessionStatus => ({
  phase,
  message: '',
  since: '',
  retryAt: null,
  notices: [],
});

const snapshot = snapshotOf({ containers: [{ name: 'web1' }, { name: 'web2', namespaces: { net: 'web1' } }] });
const sharing = analyseSharing(snapshot);

describe('firstChoice', () => {
  it('takes the last one where it can be used, then the current, any engine, this machine, the recording', () => {
    const all = [endpoint('a'), endpoint('b', { current: true }), endpoint('local'), endpoint('demo')];
    expect(firstChoice(all, 'a')).toBe('a');
    expect(firstChoice(all, null)).toBe('b');
    expect(
      firstChoice(
        all.map((each) => ({ ...each, current: false })),
        'gone',
      ),
    ).toBe('a');
    const without = all.map((each) => (each.type === 'engine' ? { ...each, usable: false } : each));
    expect(firstChoice(without, 'a')).toBe('local');
    expect(
      firstChoice(
        without.filter(({ id }) => id !== 'local'),
        'a',
      ),
    ).toBe('demo');
    expect(firstChoice([], 'a')).toBeNull();
  });
});

describe('isStale', () => {
  const live: State = { ...INITIAL, connection: 'open', live: snapshot, status: status('live') };
  it.each<[string, Partial<State>, boolean]>([
    ['live', {}, false],
    ['without its engine', { status: status('stale') }, true],
    ['connecting again', { status: status('connecting') }, true],
    ['without its backend', { connection: 'lost' }, true],
    ['a recording', { live: { ...snapshot, demo: true }, status: status('stale') }, false],
    ['a file', { file: { name: 'x', snapshot }, connection: 'lost' }, false],
    ['nothing to show', { live: null, connection: 'lost' }, false],
  ])('%s', (_name, change, expected) => {
    expect(isStale({ ...live, ...change })).toBe(expected);
  });
});

describe('selections', () => {
  it('go back and forward as pages do', () => {
    const select = (state: State, id: string): State =>
      reduce(state, { type: 'select', selection: { type: 'container', id } });
    let state = select(select(select(INITIAL, 'a'), 'b'), 'c');
    state = reduce(reduce(state, { type: 'back' }), { type: 'back' });
    expect(state.selection).toEqual({ type: 'container', id: 'a' });
    state = reduce(state, { type: 'forward' });
    expect(state.selection).toEqual({ type: 'container', id: 'b' });
    state = select(state, 'd');
    expect(reduce(state, { type: 'forward' })).toBe(state);
    expect(reduce(state, { type: 'back' }).selection).toEqual({ type: 'container', id: 'b' });
  });
});

describe('find', () => {
  const hits = (search: string): readonly unknown[] => {
    const found = find(search, snapshot, sharing);
    return found?.ok === true ? found.hits : [];
  };
  it('finds by name, pid and namespace', () => {
    expect(hits('WEB')).toHaveLength(2);
    expect(hits('1001')).toEqual([{ type: 'container', id: idOf('web2'), pid: 1001 }]);
    const net = snapshot.processes.find(({ pid }) => pid === 1001)?.namespaces.net ?? '';
    expect(hits(net)).toContainEqual({ type: 'namespace', id: net });
    expect(hits(net.replace(/\D/g, ''))).toHaveLength(3);
    // Process 1 is outside of any container.
    expect(hits('1')).toContainEqual({ type: 'host', pid: 1 });
  });
  it('says what is wrong, and nothing about an empty search', () => {
    expect(find('  ', snapshot, sharing)).toBeNull();
    expect(find('kind:nonsense', snapshot, sharing)).toMatchObject({ ok: false });
    expect(find('"', snapshot, sharing)).toMatchObject({ ok: false });
  });
});

describe('filter words', () => {
  it('are read and replaced without touching the others', () => {
    const filter = 'name:"a b" state:running -image:x';
    expect(filterValue(filter, 'state')).toBe('running');
    expect(filterValue(filter, 'name')).toBe('a b');
    expect(filterValue(filter, 'project')).toBe('');
    expect(withFilterValue(filter, 'state', 'paused')).toBe('name:"a b" -image:x state:paused');
    expect(withFilterValue(filter, 'state', '')).toBe('name:"a b" -image:x');
    expect(filterValue(withFilterValue('', 'project', 'my shop'), 'project')).toBe('my shop');
  });
});

describe('cost', () => {
  it('is the CPU time of scans over the time that they cover', () => {
    let samples: readonly CostSample[] = [];
    for (let second = 0; second <= 40; second++)
      samples = keepSamples(samples, { at: second * 1_000, durationMs: 5, cpuMs: 2 + (second % 2) * 2 });
    expect(cpuShare(samples)).toBeCloseTo(0.003, 4);
    expect(samples[0]?.at).toBe(10_000);
  });
  it('counts a scan that is told twice once', () => {
    const one = { at: 1_000, durationMs: 5, cpuMs: 2 };
    expect(keepSamples([one], { ...one, at: 1_016 })).toEqual([one]);
    expect(cpuShare([one])).toBeNull();
  });
});

describe('a file that is open', () => {
  const opened = reduce(INITIAL, { type: 'open-file', name: 'a.json', snapshot });

  it("outlives the app's own first choice of an endpoint, and is closed by the user's", () => {
    const choose = (automatic: boolean) =>
      reduce(opened, { type: 'choose', endpoint: 'local', automatic, view: null }).file?.name ?? null;
    expect(choose(true)).toBe('a.json');
    expect(choose(false)).toBeNull();
  });
});

describe('the past', () => {
  const at = (second: number, names: readonly string[]) => ({
    ...snapshotOf({ containers: names.map((name) => ({ name })) }),
    takenAt: new Date(Date.UTC(2026, 0, 1, 12, 0, second)).toISOString(),
  });
  const time = (second: number): number => Date.parse(at(second, []).takenAt);
  const names = (state: State) => shownSnapshot(state)?.containers.map(({ name }) => name);
  const seen = (state: State, second: number, containers: readonly string[]): State =>
    reduce(state, { type: 'event', event: { type: 'snapshot', snapshot: at(second, containers) } });
  const live = (): State => {
    const begun = reduce(
      { ...INITIAL, connection: 'open', endpoint: 'x' },
      {
        type: 'event',
        event: { type: 'status', status: status('live') },
      },
    );
    return seen(seen(seen(begun, 0, ['a']), 10, ['a', 'b']), 20, ['b']);
  };

  it('is shown as it was, offers nothing that acts, and leads back', () => {
    const past = reduce(live(), { type: 'moment', at: time(15) });
    expect(names(past)).toEqual(['a', 'b']);
    expect(liveEndpoint(past)).toBeNull();
    expect(isStale(past)).toBe(false);
    // What happens meanwhile is recorded, and moves nothing.
    const later = seen(past, 30, ['c']);
    expect(shownSnapshot(later)).toBe(shownSnapshot(past));
    const back = reduce(later, { type: 'moment', at: null });
    expect(names(back)).toEqual(['c']);
    expect(liveEndpoint(back)).toBe('x');
  });

  it('between two changes nothing is drawn anew, and before the first there is the first', () => {
    const past = reduce(live(), { type: 'moment', at: time(12) });
    const near = reduce(past, { type: 'moment', at: time(18) });
    expect(near.moment?.at).toBe(time(18));
    expect(shownSnapshot(near)).toBe(shownSnapshot(past));
    expect(reduce(past, { type: 'moment', at: 0 }).moment?.at).toBe(time(0));
  });

  it('steps from change to change, and past the newest to live', () => {
    const timeline = shownTimeline(live()) ?? expect.fail('nothing is recorded');
    const steps = [null, time(20), time(10), time(0)] as const;
    expect(stepFrom(timeline, null, -1)).toBe(time(10));
    expect(steps.slice(1).map((from) => stepFrom(timeline, from, -1))).toEqual([time(10), time(0), time(0)]);
    expect(steps.map((from) => stepFrom(timeline, from, 1))).toEqual([null, null, time(20), time(10)]);
  });

  it('of another endpoint begins anew; of a file that was opened before, it stays', () => {
    const choose = { type: 'choose', endpoint: 'y', view: null } as const;
    const past = reduce(live(), { type: 'moment', at: time(12) });
    expect(reduce(past, { ...choose, automatic: false })).toMatchObject({ timeline: null, moment: null });
    const timeline = shownTimeline(live()) ?? expect.fail('nothing is recorded');
    const file = reduce(live(), { type: 'open-file', name: 'f', snapshot: timeline.newest, timeline });
    expect(file.moment).toBeNull();
    const within = reduce(reduce(file, { type: 'moment', at: time(0) }), { ...choose, automatic: true });
    expect(names(within)).toEqual(['a']);
    expect(names(reduce(within, { type: 'close-file' }))).toBeUndefined();
  });

  it('is kept for as long as the settings say, and where nothing is kept nothing of the past is shown', () => {
    const past = reduce(live(), { type: 'moment', at: time(12) });
    const hour = reduce(past, { type: 'settings', settings: { ...DEFAULT_SETTINGS, keep: 60 } });
    expect(hour.timeline?.bounds.time).toBe(3_600_000);
    expect(hour.moment?.at).toBe(time(12));
    const none = reduce(past, { type: 'settings', settings: { ...DEFAULT_SETTINGS, keep: 0 } });
    expect(none.moment).toBeNull();
    expect(shownTimeline(none)).toBeNull();
    // The newest picture goes on all the same.
    expect(names(seen(none, 50, ['z']))).toEqual(['z']);
  });

  it('a picture that may no longer be true is a gap in it, and so is a lost connection', () => {
    const lost = reduce(live(), { type: 'event', event: { type: 'status', status: status('stale') } });
    expect(lost.timeline?.gaps).toEqual([{ from: time(20), to: null }]);
    const alive = { type: 'alive', takenAt: at(40, []).takenAt, durationMs: 1, cpuMs: 1 } as const;
    expect(reduce(lost, { type: 'event', event: alive }).timeline?.gaps).toEqual([{ from: time(20), to: time(40) }]);
    const cut = reduce(live(), { type: 'disconnected', refused: false, reconnectAt: null });
    expect(seen(cut, 50, ['b']).timeline?.gaps).toEqual([{ from: time(20), to: time(50) }]);
  });
});
