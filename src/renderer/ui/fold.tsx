import { type ReactNode, useState } from 'react';
import type { Part } from '#core/text/what-is.ts';
import { WhatIs } from './what-is.tsx';

interface Props {
  readonly title: ReactNode;
  /** What the title says, where it is more than text. */
  readonly name?: string;
  /** What it holds, explained. */
  readonly part?: Part;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** A heading that opens what is below it. While it is closed, the content is not in the document. */
export function Fold({ title, name, part, open = false, children }: Props) {
  const [shown, setShown] = useState(open);
  return (
    <details className="fold" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{title}</summary>
      {shown && part !== undefined && <WhatIs part={part} title={typeof title === 'string' ? title : (name ?? part)} />}
      {shown && children}
    </details>
  );
}
