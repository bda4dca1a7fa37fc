import { type Mark, round2 } from './marks.ts';
import type { Theme } from './palette.ts';
import type { SceneNode } from './scene.ts';

/** What stands before the name: the state of a container, or what a node is that is none. */
export function signMarks({ type, state }: SceneNode, x: number, y: number, s: number, theme: Theme): Mark[] {
  const line = (d: string): Mark => ({
    tag: 'path',
    attrs: { d, stroke: theme.muted, 'stroke-width': round2(1.3 * s), fill: 'none' },
  });
  const p = (dx: number, dy: number) => `${round2(x + dx * s)} ${round2(y + dy * s)}`;
  if (type === 'process') return [line(`M${p(-4, -4)}L${p(0, 0)}L${p(-4, 4)}M${p(1, 4)}L${p(5, 4)}`)];
  if (type === 'service')
    return [
      line(
        `M${p(-5, -5)}H${round2(x + 5 * s)}V${round2(y - s)}H${round2(x - 5 * s)}ZM${p(-5, 1)}H${round2(x + 5 * s)}V${round2(y + 5 * s)}H${round2(x - 5 * s)}Z`,
      ),
    ];
  if (type === 'foreign')
    return [
      line(
        `M${p(-5, -5)}H${round2(x + 5 * s)}V${round2(y + 5 * s)}H${round2(x - 5 * s)}ZM${p(-2, -2)}H${round2(x + 2 * s)}V${round2(y + 2 * s)}H${round2(x - 2 * s)}Z`,
      ),
    ];
  const dot = { cx: round2(x), cy: round2(y), r: round2(4 * s) };
  if (state === 'running') return [{ tag: 'circle', attrs: { ...dot, fill: theme.running } }];
  const ring: Mark = {
    tag: 'circle',
    attrs: { ...dot, fill: 'none', stroke: theme.muted, 'stroke-width': round2(1.5 * s) },
  };
  return state === 'paused'
    ? [ring, line(`M${p(-1.3, -2)}V${round2(y + 2 * s)}M${p(1.3, -2)}V${round2(y + 2 * s)}`)]
    : [ring];
}

/**
 * A triangle for a finding, or a cross for a declared share that is not in force, as at its line. The shapes differ because
 * some people cannot tell red from amber.
 */
export function alarmMarks(x: number, y: number, s: number, theme: Theme, broken: boolean): Mark[] {
  const p = (dx: number, dy: number) => `${round2(x + dx * s)} ${round2(y + dy * s)}`;
  const stroke = {
    fill: 'none',
    stroke: broken ? theme.danger : theme.warning,
    'stroke-width': round2(1.4 * s),
    'stroke-linejoin': 'round',
    'stroke-linecap': 'round',
  };
  if (!broken) {
    const d = `M${p(0, -6)}L${p(6, 5)}L${p(-6, 5)}ZM${p(0, -2)}L${p(0, 1.4)}M${p(0, 3.2)}L${p(0, 3.3)}`;
    return [{ tag: 'path', attrs: { d, ...stroke } }];
  }
  const r = round2(5.6 * s);
  const ring = `M${p(-5.6, 0)}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  const d = `${ring}M${p(-2.4, -2.4)}L${p(2.4, 2.4)}M${p(2.4, -2.4)}L${p(-2.4, 2.4)}`;
  return [{ tag: 'path', attrs: { d, ...stroke } }];
}
