// @vitest-environment jsdom
import { act, Profiler, type ReactNode } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LayoutThread } from '#core/layout/exchange.ts';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import type { LayoutQuestion } from '../graph/layout-worker.ts';
import { createStore, type Store } from '../state/store.ts';
import type { Actions } from '../transport/start.ts';

/** The layout, without a thread of its own: jsdom has none. */
class SameThread extends EventTarget {
  private readonly thread = new LayoutThread();
  postMessage(question: LayoutQuestion): void {
    const { id, pins, tick } = question;
    const scene = this.thread.place(question, { pins: new Map(Object.entries(pins)), tick });
    this.dispatchEvent(new MessageEvent('message', { data: { id, ok: true, scene } }));
  }
  terminate(): void {}
}

const actions = { onCommand: () => () => {}, backend: {}, retry() {} } as unknown as Actions;
const snapshot = snapshotOf({ containers: [{ name: 'web1' }, { name: 'web2', namespaces: { net: 'web1' } }] });
const counts = new Map<string, number>();
let root: Root;
let store: Store;

function Counted({ id, children }: { readonly id: string; readonly children: ReactNode }) {
  return (
    <Profiler id={id} onRender={() => counts.set(id, (counts.get(id) ?? 0) + 1)}>
      {children}
    </Profiler>
  );
}

beforeEach(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  vi.stubGlobal('Worker', SameThread);
  Element.prototype.scrollTo = (): void => {};
  vi.stubGlobal(
    'ResizeObserver',
    class {
      observe(): void {}
      disconnect(): void {}
    },
  );
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener() {}, removeEventListener() {} }));
  // After the globals that these modules read when they are loaded.
  const { PageContext } = await import('../page/page.ts');
  const { createPage } = await import('./create-page.ts');
  const { Bar } = await import('./bar.tsx');
  const { SidePanel } = await import('./side-panel.tsx');
  const { Stage } = await import('./stage.tsx');
  const { StatusLine } = await import('./status-line.tsx');
  const { WorkbenchProvider } = await import('../workbench/provider.tsx');
  store = createStore({ connection: 'open', endpoint: 'x', shown: 'graph' });
  root = createRoot(document.body.appendChild(document.createElement('div')));
  await act(async () =>
    root.render(
      <PageContext value={createPage(store, actions)}>
        <WorkbenchProvider>
          <Counted id="bar">
            <Bar />
          </Counted>
          <Counted id="stage">
            <Stage />
          </Counted>
          <Counted id="panel">
            <SidePanel />
          </Counted>
          <Counted id="status">
            <StatusLine />
          </Counted>
        </WorkbenchProvider>
      </PageContext>,
    ),
  );
  const status = { phase: 'live' as const, message: '', since: '', retryAt: null, notices: [] };
  await act(async () => store.dispatch({ type: 'event', event: { type: 'status', status } }));
  await act(async () => store.dispatch({ type: 'event', event: { type: 'snapshot', snapshot } }));
  expect(document.querySelectorAll('.graph .node').length).toBeGreaterThan(1);
  counts.clear();
});

afterEach(async () => {
  await act(async () => root.unmount());
  vi.unstubAllGlobals();
});

test('a scan that found nothing new redraws the status line alone', async () => {
  const event = { type: 'alive' as const, takenAt: '2026-01-01T00:00:05Z', durationMs: 5, cpuMs: 2 };
  await act(async () => store.dispatch({ type: 'event', event }));
  expect([...counts.keys()]).toEqual(['status']);
});

test('a key of the search redraws what finds and what is marked, neither details nor status', async () => {
  await act(async () => store.dispatch({ type: 'search', search: 'web1' }));
  expect([...counts.keys()].toSorted()).toEqual(['bar', 'stage']);
  counts.clear();
  // The same hits: nothing else is marked.
  await act(async () => store.dispatch({ type: 'toast', toast: { text: () => 'x' } }));
  expect([...counts.keys()]).toEqual([]);
});

test('a selection redraws the picture and the details, neither bar nor status', async () => {
  const selection = { type: 'container' as const, id: snapshot.containers[0]?.id ?? '' };
  await act(async () => store.dispatch({ type: 'select', selection }));
  expect([...counts.keys()].toSorted()).toEqual(['panel', 'stage']);
});
