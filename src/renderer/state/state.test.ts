import { describe, expect, it } from 'vitest';
import type { EndpointReport, SessionStatus } from '#api/contract.ts';
import { analyseSharing } from '#core/sharing/analyse.ts';
import { idOf, snapshotOf } from '#core/snapshot/build.testing.ts';
import { type CostSample, cpuShare, keepSamples } from './cost.ts';
import { filterValue, withFilterValue } from './filter-words.ts';
import { find } from './search.ts';
import { firstChoice, INITIAL, isStale, reduce, type State } from './state.ts';

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
