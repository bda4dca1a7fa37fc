import { changeView } from '../commands/view.ts';
import type { Page } from '../page/page.ts';
import type { Store } from '../state/store.ts';
import type { Actions } from '../transport/start.ts';
import { pickFile } from './open-file.ts';

/** As in app.css: the details lie over the views. */
const SHEET = matchMedia('(max-width: 900px)');

/** What all parts of the page use, made once. */
export function createPage(store: Store, actions: Actions): Page {
  const picture: Page['picture'] = { current: null };
  const open = (): void => {
    if (!store.get().panel) store.dispatch({ type: 'panel', panel: true });
  };
  const uncover = (): void => {
    if (SHEET.matches && store.get().panel) store.dispatch({ type: 'panel', panel: false });
  };
  // When the window gets narrow the sheet stays closed, so that it does not cover the answer the user asked for.
  SHEET.addEventListener('change', () => {
    if (store.get().reach !== null) uncover();
  });
  const select: Page['select'] = (selection) => {
    store.dispatch({ type: 'select', selection });
    // Closing the sheet shows the view behind it; selecting something opens it again.
    if (selection !== null && SHEET.matches) open();
  };
  return {
    store,
    actions,
    picture,
    pickFile: (use) => pickFile(store, use),
    select,
    show(selection) {
      select(selection);
      picture.current?.reveal(selection);
      open();
    },
    uncover,
    changeView: (change) => changeView(store, change),
  };
}
