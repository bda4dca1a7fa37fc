import { useState } from 'react';

/** Text in the fixed font with a button that copies it. */
export function Copy({ text, label }: { readonly text: string; readonly label: string }) {
  const [done, setDone] = useState(false);
  return (
    <span className="copy">
      <code>{text}</code>
      <button
        type="button"
        aria-label={`Copy ${label}`}
        onClick={() => {
          navigator.clipboard.writeText(text).then(
            () => setDone(true),
            () => setDone(false),
          );
        }}
        onBlur={() => setDone(false)}
      >
        {done ? '✓' : '⧉'}
      </button>
    </span>
  );
}
