// @vitest-environment jsdom
import { act } from 'react';
import { createRoot } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import { link } from '#core/snapshot/details.testing.ts';
import type { NetFacts, WiringEvent } from '#core/wiring/reading.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Actions } from '../transport/start.ts';

const names = Array.from({ length: 51 }, (_, index) => `web${index}`);
const snapshot = snapshotOf({ containers: names.map((name) => ({ name })) });
const nets = snapshot.namespaces.filter(({ kind, initial }) => kind === 'net' && !initial).map(({ id }) => id);
const read = [link('eth0', { addresses: [{ address: '172.17.0.2', prefix: 16, scope: 'global' }] })];

/** The looks that the page began, each with what tells it of one, and whether it was stopped. */
const looks: { tell: (event: WiringEvent) => void; stopped: boolean }[] = [];
const backend = {
  subscribe(name: string, _params: unknown, tell: (event: WiringEvent) => void) {
    const look = { tell, stopped: false };
    if (name === 'wiring') looks.push(look);
    return () => {
      look.stopped = true;
    };
  },
};
const actions = { onCommand: () => () => {}, backend, retry() {} } as unknown as Actions;

let store: Store;
let end: () => Promise<void>;

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  Element.prototype.scrollIntoView = (): void => {};
  // After the globals that these modules read when they are loaded.
  const { PageContext } = await import('../page/page.ts');
  const { createPage } = await import('../app/create-page.ts');
  const { WiringView } = await import('./wiring-view.tsx');
  const { WorkbenchProvider } = await import('../workbench/provider.tsx');
  looks.length = 0;
  store = createStore({ connection: 'open', endpoint: 'x', shown: 'wiring' });
  const root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () =>
    root.render(
      <PageContext value={createPage(store, actions)}>
        <WorkbenchProvider>
          <WiringView onSelect={() => {}} />
        </WorkbenchProvider>
      </PageContext>,
    ),
  );
  const status = { phase: 'live' as const, message: '', since: '', retryAt: null, notices: [] };
  await act(async () => store.dispatch({ type: 'event', event: { type: 'status', status } }));
  await act(async () => store.dispatch({ type: 'event', event: { type: 'snapshot', snapshot } }));
  end = async () => act(async () => root.unmount());
});

afterEach(async () => {
  await end();
  document.body.replaceChildren();
  vi.unstubAllGlobals();
});

const told = () => document.body.textContent ?? '';
const boxes = () => document.querySelectorAll('.wiring-box').length;
const again = () => [...document.querySelectorAll('button')].find((button) => button.textContent === 'Try again');
const facts = (from: number, to: number, links: NetFacts['links'] = read): NetFacts[] =>
  nets.slice(from, to).map((id) => ({ id, links }));

test('namespaces that could not be looked into: a picture of the others that says so, and another try', async () => {
  expect(told()).toContain('Reading the links');
  await act(async () => looks[0]?.tell({ type: 'part', nets: facts(0, 16), total: 51 }));
  expect(told()).toContain('16 of 51 network namespaces read…');
  expect(boxes()).toBe(16);
  expect(again()).toBeUndefined();

  await act(async () => looks[0]?.tell({ type: 'part', nets: [...facts(16, 34), ...facts(34, 51, null)], total: 51 }));
  await act(async () => looks[0]?.tell({ type: 'end', problem: null }));
  expect(told()).toMatch(/34 of 51 network namespaces read(?!…)/);
  expect(boxes()).toBe(34);

  await act(async () => again()?.click());
  expect(looks).toHaveLength(2);
  expect(looks[0]?.stopped).toBe(true);
  // What was read stays until it is told anew.
  expect(boxes()).toBe(34);
  await act(async () => looks[1]?.tell({ type: 'part', nets: facts(0, 51), total: 51 }));
  await act(async () => looks[1]?.tell({ type: 'end', problem: null }));
  expect(boxes()).toBe(51);
  expect(told()).not.toContain('of 51');
});

test('a look that ended half way says why, and goes on from what it has', async () => {
  await act(async () => looks[0]?.tell({ type: 'part', nets: facts(0, 34), total: 51 }));
  await act(async () => looks[0]?.tell({ type: 'end', problem: 'The helper ended.' }));
  expect(told()).toContain('34 of 51 network namespaces read: The helper ended.');
  expect(boxes()).toBe(34);
  await act(async () => again()?.click());
  expect(looks).toHaveLength(2);
});

test('a change of the machine does not begin the look anew', async () => {
  await act(async () => looks[0]?.tell({ type: 'part', nets: facts(0, 16), total: 51 }));
  const alive = { type: 'alive' as const, takenAt: '2026-01-01T00:00:05Z', durationMs: 5, cpuMs: 2 };
  await act(async () => store.dispatch({ type: 'event', event: alive }));
  await act(async () => store.dispatch({ type: 'event', event: { type: 'snapshot', snapshot: { ...snapshot } } }));
  expect(looks).toHaveLength(1);
  expect(looks[0]?.stopped).toBe(false);
});
