import { useState } from 'react';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { Copy } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';

interface Props {
  readonly title: string;
  /** What happens, in a sentence. */
  readonly text: string;
  /** Who loses something by it; '' for nobody. */
  readonly warning?: string;
  readonly command: string;
  readonly verb: string;
  /** Does it; rejects with a sentence that says why it was not done. */
  readonly onConfirm: () => Promise<unknown>;
  readonly onClose: () => void;
}

/** Shown before anything is changed: says what will happen, and the command that does the same. */
export function ConfirmDialog({ title, text, warning = '', command, verb, onConfirm, onClose }: Props) {
  const [working, setWorking] = useState(false);
  const [failure, setFailure] = useState<string | null>(null);

  async function confirm(): Promise<void> {
    setWorking(true);
    setFailure(null);
    try {
      await onConfirm();
      onClose();
    } catch (thrown) {
      setFailure(thrown instanceof Error ? thrown.message : String(thrown));
      setWorking(false);
    }
  }

  return (
    <Dialog title={title} onClose={onClose}>
      <p>{text}</p>
      {warning !== '' && <p className="reason">{warning}</p>}
      <Copy text={command} label={t('command')} />
      {failure !== null && (
        <p className="reason" role="alert">
          {visibleText(failure)}
        </p>
      )}
      <div className="dialog-foot">
        <button type="button" onClick={onClose}>
          {t('Cancel')}
        </button>
        <button type="button" className="danger" disabled={working} onClick={() => void confirm()}>
          {working ? t('Working…') : verb}
        </button>
      </div>
    </Dialog>
  );
}
