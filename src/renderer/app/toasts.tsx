import { useEffect } from 'react';
import { t } from '#core/words/words.ts';
import { usePage, usePageState } from '../page/page.ts';

/** Long enough to read it and reach the button. */
const SHOWN_MS = 8_000;

/** The newest message about what was just done, until it has been read. */
export function ToastBox() {
  const { store } = usePage();
  const toast = usePageState((state) => state.toast);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => {
      if (store.get().toast === toast) store.dispatch({ type: 'toast', toast: null });
    }, SHOWN_MS);
    return () => clearTimeout(timer);
  }, [store, toast]);
  return (
    <div className="toasts" role="status">
      {toast !== null && (
        <div className="toast">
          <span>{toast.text()}</span>
          {toast.undo !== undefined && (
            <button
              type="button"
              className="undo"
              onClick={() => {
                toast.undo?.();
                store.dispatch({ type: 'toast', toast: null });
              }}
            >
              {t('Undo')}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
