import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { usePage } from '../page/page.ts';
import type { ReachQuestion } from '../state/state.ts';

/** Asks whether something is reached, with what is known already filled in. */
export function ReachButton({ draft }: { readonly draft: ReachQuestion }) {
  const { store } = usePage();
  const [from, to] = [visibleText(draft.from), visibleText(draft.to)];
  return (
    <button
      type="button"
      className="quiet text"
      title={t('Can it be reached, and which way?')}
      aria-label={from === '' ? t('Reach {to}…', { to }) : t('Reach from {from} {to}…', { from, to })}
      onClick={() => store.dispatch({ type: 'ask-reach', draft })}
    >
      {t('Reach…')}
    </button>
  );
}
