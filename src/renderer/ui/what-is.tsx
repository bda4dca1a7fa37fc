import { whatIs } from '#core/answer/what-is.ts';
import { Copy } from './copy.tsx';
import './what-is.css';

/** "What is this" of a part of the page, by its title, folded away until asked for. */
export function WhatIs({ title }: { readonly title: string }) {
  const what = whatIs(title);
  if (what === null) return null;
  return (
    <details className="what-is">
      <summary aria-label={`What is this: ${title}`} title="What is this">
        ?
      </summary>
      <p>{what.text}</p>
      <Copy text={what.command} label="the command that shows it" />
    </details>
  );
}

/** A heading with its "What is this". */
export function ExplainedHeading({ title }: { readonly title: string }) {
  return (
    <div className="with-what">
      <h3>{title}</h3>
      <WhatIs title={title} />
    </div>
  );
}
