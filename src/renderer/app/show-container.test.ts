import { expect, it, vi } from 'vitest';
import { snapshotOf } from '#core/snapshot/build.testing.ts';
import type { Page } from '../page/page.ts';
import { createStore } from '../state/store.ts';
import { showContainer } from './show-container.ts';

const snapshot = snapshotOf({ containers: [{ name: 'web1' }, { name: 'web2' }] });

function pageOf(state: Parameters<typeof createStore>[0]) {
  const store = createStore(state);
  const show = vi.fn<Page['show']>();
  return { store, show, page: { store, show } as unknown as Page };
}

it('shows a container by its name, or by the beginning of its id where no other begins so', () => {
  const { page, show, store } = pageOf({ live: snapshot });
  const [web1, web2] = snapshot.containers;
  showContainer('web1', page);
  showContainer(web2?.id ?? '', page);
  expect(show.mock.calls).toEqual([[{ type: 'container', id: web1?.id }], [{ type: 'container', id: web2?.id }]]);
  showContainer('web', page);
  expect(show).toHaveBeenCalledTimes(2);
  expect(store.get().toast?.text()).toBe('There is no container web in what is shown here.');
});

it('waits for the first picture, once', () => {
  const { page, show, store } = pageOf({});
  showContainer('web2', page);
  expect(show).not.toHaveBeenCalled();
  store.dispatch({ type: 'open-file', name: 'x', snapshot });
  store.dispatch({ type: 'open-file', name: 'y', snapshot });
  expect(show).toHaveBeenCalledTimes(1);
});
