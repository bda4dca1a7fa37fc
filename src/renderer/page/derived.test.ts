import { afterEach, expect, test } from 'vitest';
import { buildSceneGraph } from '#core/layout/graph.ts';
import { analyseInSteps, analyseSharing } from '#core/sharing/analyse.ts';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { setLanguage } from '#core/words/language.ts';
import { madeFleet } from '../../../test/support/made-fleet.ts';
import { INITIAL, type State } from '../state/state.ts';
import { checkOf, isolationOf, prepare, selectFound, selectGraph, selectSharing } from './derived.ts';

const opened = (snapshot: ReturnType<typeof madeFleet>) => ({ ...INITIAL, file: { name: 'fleet.json', snapshot } });

test('what is prepared is what is shown, and the page goes on meanwhile', async () => {
  const snapshot = madeFleet(2_000);
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  });
  await prepare(snapshot, INITIAL.view);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
  // Whoever reads it again makes something a second time.
  const unread = Object.defineProperty(snapshot, 'processes', {
    get: () => expect.unreachable('nothing is left to be made'),
  });
  const [sharing, graph] = [selectSharing(opened(unread)), selectGraph(opened(unread))];
  const same = madeFleet(2_000);
  expect(sharing).toEqual(analyseSharing(same));
  expect(graph).toEqual(buildSceneGraph(same, analyseSharing(same), INITIAL.view));
});

test('the longest namespaces are steps of their own', () => {
  // Those that all containers are in: user and time.
  const steps = (count: number) => [...analyseInSteps(madeFleet(count))].length;
  expect(steps(1_000)).toBeGreaterThan(steps(100));
});

afterEach(() => setLanguage('en'));

test('is made once, and anew in another language', () => {
  const live = snapshotOf({ containers: [{ name: 'web1' }] });
  const state: State = { ...INITIAL, live, search: 'name:' };
  const all = () => [selectGraph(state), selectFound(state), checkOf(live), isolationOf(live)];
  const english = all();
  for (const [index, made] of all().entries()) expect(made).toBe(english[index]);
  setLanguage('zh-CN');
  for (const [index, made] of all().entries()) expect(made).not.toBe(english[index]);
});
