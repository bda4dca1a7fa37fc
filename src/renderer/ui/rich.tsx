import { Children, createElement, Fragment, type ReactNode } from 'react';
import { type Message, parts } from '#core/words/words.ts';

type Mark = (inner: ReactNode) => ReactNode;

/** A message with marked places (`Run <code>docker ps</code>.`) and values that may be elements. */
export function rich(message: Message, values: Readonly<Record<string, ReactNode | Mark>>): ReactNode {
  const given = Object.entries(values).map(([name, value]) => [
    name,
    typeof value === 'function' ? (inner: readonly ReactNode[]) => value(Children.toArray(inner)) : value,
  ]);
  // As children of their own, for which nobody needs to give keys.
  return createElement(Fragment, null, ...parts<ReactNode>(message, Object.fromEntries(given)));
}
