import { useLayoutEffect, useRef } from 'react';
import type { Mark } from '#core/layout/marks.ts';
import { draw } from './draw.ts';

interface Props {
  readonly width: number;
  readonly height: number;
  readonly marks: readonly Mark[];
}

/** Marks of the picture within the page's text: decoration that repeats what the words beside it say. */
export function MarksSvg({ width, height, marks }: Props) {
  const group = useRef<SVGGElement>(null);
  useLayoutEffect(() => {
    if (group.current !== null) draw(group.current, { source: marks, style: '', signature: () => marks }, () => marks);
  }, [marks]);
  return (
    <svg width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <g ref={group} />
    </svg>
  );
}
