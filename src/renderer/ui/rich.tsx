import { Children, type ReactNode } from 'react';
import { type Message, parts } from '#core/words/words.ts';

type Mark = (inner: ReactNode) => ReactNode;

/** A message with marked places (`Run <code>docker ps</code>.`) and values that may be elements. */
export function rich(message: Message, values: Readonly<Record<string, ReactNode | Mark>>): ReactNode {
  const given = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'function' ? (inner: readonly ReactNode[]) => value(Children.toArray(inner)) : value,
  ]);
  return Children.toArray(parts<ReactNode>(message, Object.fromEntries(given)));
}
