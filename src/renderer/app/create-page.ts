import { changeView } from '../commands/view.ts';
import type { Page } from '../page/page.ts';
import type { Store } from '../state/store.ts';
import type { Actions } from '../transport/start.ts';
import { pickFile } from './open-file.ts';

/** What the parts of the page have in common. */
export function createPage(store: Store, actions: Actions): Page {
  const picture: Page['picture'] = { current: null };
  const select: Page['select'] = (selection) => store.dispatch({ type: 'select', selection });
  return {
    store,
    actions,
    picture,
    pickFile: () => pickFile(store),
    select,
    show(selection) {
      select(selection);
      picture.current?.reveal(selection);
      if (!store.get().panel) store.dispatch({ type: 'panel', panel: true });
    },
    changeView: (change) => changeView(store, change),
  };
}
