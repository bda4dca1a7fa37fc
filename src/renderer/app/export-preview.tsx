import { useEffect, useState } from 'react';
import type { Content, Picture } from '#core/export/formats.ts';
import { renderSvg } from '#core/export/svg.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';

/** Characters of a text that are shown before it is saved. */
const PREVIEW = 20_000;

/** The content of a choice, before it is written to a file. */
export interface Made {
  readonly picture: Picture;
  readonly content: Content;
}

const visibleLines = (text: string): string => text.split(/\r?\n/).map(visibleText).join('\n');

/** The picture itself, or the beginning of the text. */
export function Preview({ made }: { readonly made: Made }) {
  const { content } = made;
  const page = content.type === 'pdf' ? content.pages[0] : undefined;
  const isSvg = content.type === 'text' && content.text.startsWith('<svg');
  const svg = content.type === 'png' ? content.svg : page !== undefined ? renderSvg(page) : isSvg ? content.text : null;
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (svg === null) return;
    const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
    setAddress(url);
    return () => URL.revokeObjectURL(url);
  }, [svg]);
  if (svg !== null) {
    const className = made.picture.theme === 'transparent' ? 'export-preview chequered' : 'export-preview';
    return (
      <div className={className}>{address !== null && <img src={address} alt={t('What the file will show')} />}</div>
    );
  }
  const text = content.type === 'text' ? content.text : '';
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="export-preview" tabIndex={0} aria-label={t('What the file will hold')}>
      <pre>{visibleLines(text.slice(0, PREVIEW))}</pre>
      {text.length > PREVIEW && (
        <p className="muted">
          {t('and so on, {n, plural, one {# character} other {# characters}}', { n: text.length })}
        </p>
      )}
    </section>
  );
}
