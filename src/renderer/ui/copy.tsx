import { useEffect, useState } from 'react';
import { t } from '#core/words/words.ts';
import { Icon } from './icon.tsx';

const FEEDBACK_MS = 1_600;
/** Longer texts may be cut off by the style sheet and are shown whole when pointed at. */
const LONG = 120;

interface ButtonProps {
  readonly text: string;
  /** What is copied, for example `container id`. */
  readonly label: string;
}

/** Copies a text and says whether that worked. */
export function CopyButton({ text, label }: ButtonProps) {
  const [state, setState] = useState<'idle' | 'copied' | 'failed'>('idle');
  useEffect(() => {
    if (state === 'idle') return;
    const timer = setTimeout(() => setState('idle'), FEEDBACK_MS);
    return () => clearTimeout(timer);
  }, [state]);
  const said =
    state === 'copied' ? t('Copied') : state === 'failed' ? t('Not copied: select the text and copy it') : '';
  return (
    <span className="copy-button">
      <button
        type="button"
        className="quiet"
        aria-label={t('Copy {label}', { label })}
        title={said === '' ? t('Copy {label}', { label }) : said}
        onClick={(event) => {
          event.stopPropagation();
          // Absent where the page is not served securely.
          const written = navigator.clipboard?.writeText(text) ?? Promise.reject(new Error('no clipboard'));
          written.then(
            () => setState('copied'),
            () => setState('failed'),
          );
        }}
      >
        <Icon name={state === 'copied' ? 'check' : state === 'failed' ? 'close' : 'copy'} />
      </button>
      <span role="status" className={said === '' ? 'hidden' : 'said'}>
        {said}
      </span>
    </span>
  );
}

/** An id or command in the fixed font, with a button that copies it. */
export function Copy({ text, label }: ButtonProps) {
  return (
    <span className="copy">
      <code title={text.length > LONG ? text : undefined}>{text}</code>
      <CopyButton text={text} label={label} />
    </span>
  );
}
