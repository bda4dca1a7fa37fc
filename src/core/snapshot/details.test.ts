import { describe, expect, it } from 'vitest';
import { layOutWiring } from '../wiring/wiring.ts';
import { snapshotOf } from './build.testing.ts';
import { decodeSnapshot, encodeSnapshot } from './decode.ts';
import { collected, link, listener, netDetail } from './details.testing.ts';
import { collectedDetail, collectedOfKind, collectedWiring, subjectsOf } from './details.ts';
import { type Snapshot, snapshotSchema } from './snapshot.ts';

const plain = snapshotOf({ containers: [{ name: 'web' }, { name: 'gone', running: false }] });
const net = plain.namespaces.find(({ kind, initial }) => kind === 'net' && !initial)?.id ?? '';
const host = plain.host.initial.net ?? '';
const snapshot: Snapshot = {
  ...plain,
  details: collected({
    [net]: netDetail({
      links: [link('eth0', { index: 7, peer: { index: 8, name: 'veth1', namespace: host } })],
      listening: [listener('127.0.0.1', 80)],
    }),
    [host]: netDetail({
      links: [link('veth1', { index: 8, peer: { index: 7, name: 'eth0', namespace: net } })],
    }),
  }),
};

/** The snapshot's text with one change to its details. */
function changed(change: (details: Record<string, unknown>) => unknown): string {
  const value = JSON.parse(encodeSnapshot(snapshot)) as { details: unknown };
  value.details = change(value.details as Record<string, unknown>);
  return JSON.stringify(value);
}

function read(text: string): Snapshot {
  const decoded = decodeSnapshot(text);
  if (!decoded.ok) throw new Error(decoded.message);
  return decoded.snapshot;
}

describe('details in a snapshot', () => {
  it('are read back as they were saved, and answer for what they are of', () => {
    const again = read(encodeSnapshot(snapshot));
    expect(again).toEqual(snapshot);
    const { detail, problem } = collectedDetail(again, { type: 'namespace', id: net });
    expect(problem).toBeNull();
    expect(detail?.kind === 'net' && detail.listening[0]?.port).toBe(80);
    expect([...collectedOfKind(again, 'net').keys()]).toEqual([net, host]);
    expect(
      layOutWiring(
        again,
        [...collectedWiring(again).nets.values()].flatMap(({ id, links }) => (links === null ? [] : [{ id, links }])),
      ).lines.filter(({ ends: [from, to] }) => from !== to),
    ).toHaveLength(1);
  });

  it('that are not there say so', () => {
    expect(collectedDetail(plain, { type: 'namespace', id: net }).problem).toContain('scan --details');
    const without = collectedDetail(snapshot, { type: 'process', pid: 1, startTime: 2 });
    expect(without).toEqual({ detail: null, problem: 'The details in this snapshot have nothing about this process.' });
  });

  it('do not hinder a reader that does not know them', () => {
    const { details: _, ...known } = JSON.parse(encodeSnapshot(snapshot)) as Record<string, unknown>;
    expect(snapshotSchema.omit({ details: true }).parse(JSON.parse(encodeSnapshot(snapshot)))).toEqual(known);
    expect(read(encodeSnapshot(plain))).toEqual(plain);
  });

  it('of which one record is damaged lose that record, and say so', () => {
    const again = read(
      changed((details) => ({
        ...details,
        records: [
          ...(details.records as unknown[]),
          { subject: { type: 'namespace', id: 'x' }, detail: { kind: 'net' } },
          7,
        ],
      })),
    );
    expect(again.details?.records).toEqual(snapshot.details?.records);
    expect(again.details?.problems).toEqual([
      { code: 'details-damaged', message: expect.stringMatching(/^2 of the details/), count: 2 },
    ]);
  });

  it.each([[null], [7], [[]], [{ records: 'no' }]])(
    'that are %j are a problem, and the snapshot is read',
    (details) => {
      const again = read(changed(() => details));
      expect(again.processes).toEqual(snapshot.processes);
      expect(again.details).toMatchObject({ records: [], problems: [{ code: 'details-damaged' }] });
      expect(read(encodeSnapshot(again))).toEqual(again);
    },
  );

  it('are of every namespace that something holds, and of the init and the cgroup of each container that runs', () => {
    const subjects = subjectsOf(plain);
    expect(subjects.filter(({ type }) => type === 'namespace')).toHaveLength(plain.namespaces.length);
    expect(subjects.filter(({ type }) => type !== 'namespace')).toEqual([
      { type: 'process', pid: 1000, startTime: 2000 },
      { type: 'limits', pid: 1000, startTime: 2000 },
    ]);
  });
});
