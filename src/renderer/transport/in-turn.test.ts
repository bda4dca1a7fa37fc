import { expect, test } from 'vitest';
import type { SessionEvent } from '#api/contract.ts';
import { diffSnapshots } from '#core/diff/diff.ts';
import type { Process } from '#core/snapshot/snapshot.ts';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { prepareShown, selectGraph } from '../page/derived.ts';
import type { State } from '../state/state.ts';
import { createStore } from '../state/store.ts';
import { inTurn } from './in-turn.ts';

const small = madeFleet(20);
const init = small.processes.find(({ container }) => container !== null) as Process;
const more = Array.from({ length: 3_000 }, (_, index) => ({ ...init, pid: 100_000 + index, ppid: init.pid }));
const large = { ...small, processes: [...small.processes, ...more] };
const later = { ...large, takenAt: '2026-01-01T00:00:05.000Z', containers: large.containers.slice(1) };
const change: SessionEvent = { type: 'change', patch: diffSnapshots(large, later) ?? expect.unreachable() };
const alive: SessionEvent = { type: 'alive', takenAt: '2026-01-01T00:00:09Z', durationMs: 1, cpuMs: 1 };

const begun = () => createStore({ connection: 'open', endpoint: 'x' });

test('a small picture is shown at once', () => {
  const store = begun();
  inTurn(store, () => expect.unreachable('nothing is to be prepared')).tell({ type: 'snapshot', snapshot: small });
  expect(store.get().live?.containers).toHaveLength(20);
});

test('a large one is shown when it is made, and what comes behind it waits', async () => {
  const store = begun();
  const prepared: State[] = [];
  let done = (): void => {};
  const turn = inTurn(store, (next) => {
    prepared.push(next);
    return new Promise((resolve) => {
      done = resolve;
    });
  });
  const next = async (): Promise<void> => {
    done();
    await new Promise((resolve) => setTimeout(resolve));
  };
  turn.tell({ type: 'snapshot', snapshot: large });
  turn.tell(change);
  turn.tell(alive);
  expect(store.get().live).toBeNull();
  await next();
  expect(store.get().live?.containers).toHaveLength(20);
  expect(store.get().checkedAt).toBe(large.takenAt);
  await next();
  expect(store.get().live?.containers).toHaveLength(19);
  expect(store.get().checkedAt).toBe(alive.takenAt);
  // What was prepared is what is shown, and not the same once more.
  expect(prepared.map(({ live }) => live)).toHaveLength(2);
  expect(store.get().live).toBe(prepared[1]?.live);
});

test('what a session told that is no longer followed is not shown', async () => {
  const store = begun();
  let done = (): void => {};
  const turn = inTurn(
    store,
    () =>
      new Promise((resolve) => {
        done = resolve;
      }),
  );
  turn.tell({ type: 'snapshot', snapshot: large });
  turn.end();
  done();
  await new Promise((resolve) => setTimeout(resolve));
  expect(store.get().live).toBeNull();
});

test('the page goes on while a change of a large picture is made', async () => {
  const store = begun();
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  });
  const turn = inTurn(store, prepareShown);
  turn.tell({ type: 'snapshot', snapshot: large });
  await expect.poll(() => store.get().live).not.toBeNull();
  turns = 0;
  turn.tell(change);
  await expect.poll(() => store.get().live?.containers.length).toBe(19);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  const unread = Object.defineProperty(store.get().live ?? {}, 'processes', {
    get: () => expect.unreachable('nothing is left to be made'),
  });
  expect(unread).toBe(store.get().live);
  expect(selectGraph(store.get())?.nodes.length).toBeGreaterThan(19);
});
