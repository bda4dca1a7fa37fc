import { type ReactNode, useState } from 'react';

interface Props {
  readonly title: ReactNode;
  readonly open?: boolean;
  readonly children: ReactNode;
}

/** A heading that opens what is below it; what is folded away is not there at all. */
export function Fold({ title, open = false, children }: Props) {
  const [shown, setShown] = useState(open);
  return (
    <details className="fold" open={shown} onToggle={(event) => setShown(event.currentTarget.open)}>
      <summary>{title}</summary>
      {shown && children}
    </details>
  );
}
