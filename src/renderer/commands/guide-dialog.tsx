import { GUIDE } from '#core/answer/guide.ts';
import { t } from '#core/words/words.ts';
import { Copy } from '../ui/copy.tsx';
import { Dialog } from '../ui/dialog.tsx';
import './guide-dialog.css';

/** What containers are, step by step, with lines to copy. */
export function GuideDialog({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t('Guide')} onClose={onClose}>
      <ol className="guide">
        {GUIDE.map(({ title, text, commands }) => (
          <li key={title}>
            <h3>{t(title)}</h3>
            <p>{t(text)}</p>
            {commands.map((command) => (
              <Copy key={command} text={command} label={command} />
            ))}
          </li>
        ))}
      </ol>
    </Dialog>
  );
}
