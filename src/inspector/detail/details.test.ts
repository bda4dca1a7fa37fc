import { afterEach, expect, it, vi } from 'vitest';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { setLanguage } from '#core/words/language.ts';
import { createDetails } from './details.ts';
import type { Service } from './service.ts';

const snapshot = snapshotOf({ containers: [{ name: 'web' }] });
const pid = snapshot.processes.find(({ container }) => container !== null) ?? { pid: 1, startTime: 1 };
const subject = { type: 'process' as const, pid: pid.pid, startTime: pid.startTime };

function services() {
  const started: { end: () => void; closed: number }[] = [];
  const start = async (_connection: unknown, onEnd: () => void): Promise<Service> => {
    const own = { end: onEnd, closed: 0 };
    started.push(own);
    return {
      ask: async () => ({ t: 'reply', id: '1' }),
      close: async () => {
        own.closed += 1;
      },
    };
  };
  return { started, start };
}

const given = { connect: async () => null, snapshot: async () => snapshot, privileged: () => false };

afterEach(() => vi.useRealTimers());

it('a late end of an old helper does not touch the one that came after it', async () => {
  const { started, start } = services();
  const details = createDetails({ ...given, start });
  await details.read('x', subject);
  started[0]?.end();
  await details.read('x', subject);
  expect(started).toHaveLength(2);
  started[0]?.end();
  await details.read('x', subject);
  expect(started).toHaveLength(2);
  await details.close();
  expect(started.map(({ closed }) => closed)).toEqual([0, 1]);
});

it('a start that failed leaves no timer, which would end what is started next', async () => {
  vi.useFakeTimers();
  const { started, start } = services();
  let fails = true;
  const details = createDetails({
    ...given,
    start: async (connection, onEnd) => {
      if (fails) throw new Error('refused');
      return start(connection, onEnd);
    },
  });
  await expect(details.read('x', subject)).rejects.toThrow('refused');
  expect(vi.getTimerCount()).toBe(0);
  fails = false;
  await vi.advanceTimersByTimeAsync(30_000);
  await details.read('x', subject);
  // The moment at which the first one's would have rung.
  await vi.advanceTimersByTimeAsync(40_000);
  expect(started.map(({ closed }) => closed)).toEqual([0]);
  await vi.advanceTimersByTimeAsync(30_000);
  expect(started.map(({ closed }) => closed)).toEqual([1]);
  await details.close();
});

it('writes English into a snapshot, whatever its reader speaks, and answers who asks in their language', async () => {
  const rule = {
    family: 4 as const,
    priority: 100,
    invert: false,
    from: '10.0.0.0',
    fromPrefix: 8,
    to: null,
    toPrefix: 0,
    iif: null,
    oif: null,
    mark: null,
    mask: null,
    tos: null,
    protocol: null,
    sourcePorts: null,
    ports: null,
    uids: null,
    l3mdev: true,
    other: false,
    action: 'lookup',
    table: 254,
    goto: null,
    suppressPrefix: null,
    suppressGroup: null,
  };
  const reply = {
    t: 'reply' as const,
    id: '1',
    network: {
      links: [],
      addresses: [],
      routes: [],
      rules: [rule],
      waysOut: [{ family: 4 as const, to: '1.1.1.1', mark: null, route: [], error: 101 }],
      namespaces: {},
      peerNames: {},
      incomplete: [],
    },
    nat: {
      nft: [],
      legacy: 'unread' as const,
      legacyTables: [{ family: 2, table: 'filter', content: 'unread' as const }],
    },
  };
  const start = async (): Promise<Service> => ({ ask: async () => reply, close: async () => {} });
  const details = createDetails({ ...given, start });
  setLanguage('zh-CN');
  try {
    const { details: kept } = await details.collect('x');
    const id = snapshot.host.namespaces.net ?? '';
    const record = kept?.records.find((each) => each.subject.type === 'namespace' && each.subject.id === id);
    expect(record?.detail).toMatchObject({ kind: 'net', natUnread: [expect.stringContaining('could not be read')] });
    expect(JSON.stringify(kept?.records)).not.toMatch(/\p{Script=Han}/u);
    const said = await details.read('x', { type: 'namespace', id });
    expect(said).toMatchObject({ rules: [{ when: expect.stringMatching(/\p{Script=Han}/u) }] });
  } finally {
    setLanguage('en');
    await details.close();
  }
});
