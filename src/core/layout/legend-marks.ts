import { t } from '../words/words.ts';
import { linkMarks } from './line-marks.ts';
import type { Mark, View } from './marks.ts';
import type { Point, SceneLink } from './scene.ts';

/** A sign that a picture has beside the kinds. */
export interface LegendSign {
  readonly text: string;
  readonly end: SceneLink['end'];
  readonly broken: boolean;
}

/** The signs of a picture that has lines to the machine's edge, or broken ones. */
export function legendSigns(has: { readonly machine: boolean; readonly broken: boolean }): readonly LegendSign[] {
  return [
    { text: t('from the one that joined to its owner'), end: 'owner', broken: false },
    ...(has.machine ? [{ text: t('the machine’s own, by choice'), end: 'ground' as const, broken: false }] : []),
    ...(has.broken ? [{ text: t('declared, not in force'), end: null, broken: true }] : []),
  ];
}

/** A line as the sign's lines are: along the points, and one to the machine down to a piece of its edge between them. */
export function signSample({ end, broken }: LegendSign, along: readonly [Point, Point], view: View): readonly Mark[] {
  const [{ x, y }, to] = along;
  const middle = (x + to.x) / 2;
  const down = [
    { x: middle, y: y - 7 * view.unit },
    { x: middle, y: y + 5 * view.unit },
  ] as const;
  const points = end === 'ground' ? down : along;
  const strands = [{ kind: 'net' as const, namespace: '', points }];
  return linkMarks({ key: '', set: '', from: '', to: '', end, texts: [], room: null, broken, strands }, view);
}
