import { useCallback, useEffect, useState } from 'react';

/** Long enough to read it and reach the button. */
const SHOWN_MS = 8_000;

export interface Toast {
  readonly text: string;
  readonly undo?: () => void;
}

/** The newest message about what was just done, until it has been read. */
export function useToast() {
  const [toast, setToast] = useState<Toast | null>(null);
  useEffect(() => {
    if (toast === null) return;
    const timer = setTimeout(() => setToast(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [toast]);
  const dismiss = useCallback(() => setToast(null), []);
  return { toast, show: setToast, dismiss };
}

export function ToastBox({ toast, onDismiss }: { readonly toast: Toast | null; readonly onDismiss: () => void }) {
  return (
    <div className="toasts" role="status">
      {toast !== null && (
        <div className="toast">
          <span>{toast.text}</span>
          {toast.undo !== undefined && (
            <button
              type="button"
              className="undo"
              onClick={() => {
                toast.undo?.();
                onDismiss();
              }}
            >
              Undo
            </button>
          )}
        </div>
      )}
    </div>
  );
}
