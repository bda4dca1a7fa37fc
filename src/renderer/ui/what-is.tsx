import { type Part, whatIs } from '#core/text/what-is.ts';
import { t } from '#core/words/words.ts';
import { Copy } from './copy.tsx';
import './what-is.css';

interface Props {
  readonly part: Part;
  readonly title: string;
}

/** "What is this" of a part of the page, folded away until asked for. */
export function WhatIs({ part, title }: Props) {
  const what = whatIs(part);
  return (
    <details className="what-is">
      <summary aria-label={t('What is this: {title}', { title })} title={t('What is this')}>
        ?
      </summary>
      <p>{what.text}</p>
      <Copy text={what.command} label={t('the command that shows it')} />
    </details>
  );
}

/** A heading with its "What is this". */
export function ExplainedHeading({ part, title }: Props) {
  return (
    <div className="with-what">
      <h3>{title}</h3>
      <WhatIs part={part} title={title} />
    </div>
  );
}
