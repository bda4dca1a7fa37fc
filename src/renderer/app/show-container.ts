import type { Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import type { Page } from '../page/page.ts';
import { shownSnapshot } from '../state/state.ts';

/** The container of that name, else the only one whose id begins so. */
function containerOf(handle: string, { containers }: Snapshot): string | null {
  const named = containers.find(({ name }) => name === handle);
  if (named !== undefined) return named.id;
  const begun = containers.filter(({ id }) => id.startsWith(handle));
  return begun.length === 1 ? (begun[0]?.id ?? null) : null;
}

/** Shows a container that a link leads to, at once or with the first picture. */
export function showContainer(handle: string, { store, show }: Page): void {
  const tell = (snapshot: Snapshot): void => {
    const id = containerOf(handle, snapshot);
    if (id !== null) show({ type: 'container', id });
    else {
      const text = (): string =>
        t('There is no container {name} in what is shown here.', { name: visibleText(handle) });
      store.dispatch({ type: 'toast', toast: { text } });
    }
  };
  const shown = shownSnapshot(store.get());
  if (shown !== null) {
    tell(shown);
    return;
  }
  const end = store.subscribe(() => {
    const first = shownSnapshot(store.get());
    if (first === null) return;
    end();
    tell(first);
  });
}
