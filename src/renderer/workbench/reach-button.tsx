import { visibleText } from '#core/text/visible.ts';
import { usePage } from '../page/page.ts';
import type { ReachQuestion } from '../state/state.ts';

/** Asks whether something is reached, with what is known already filled in. */
export function ReachButton({ draft }: { readonly draft: ReachQuestion }) {
  const { store } = usePage();
  const what = [draft.from === '' ? '' : ` from ${draft.from}`, draft.to].join(' ').trim();
  return (
    <button
      type="button"
      className="quiet text"
      title="Is it reached, and which way?"
      aria-label={`Reach ${visibleText(what)}…`}
      onClick={() => store.dispatch({ type: 'ask-reach', draft })}
    >
      Reach…
    </button>
  );
}
