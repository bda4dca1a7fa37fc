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
    { text: t('from who joined to whose it is'), end: 'owner', broken: false },
    ...(has.machine ? [{ text: t('the machine’s own, by choice'), end: 'hull' as const, broken: false }] : []),
    ...(has.broken ? [{ text: t('declared, not in force'), end: null, broken: true }] : []),
  ];
}

/** A line as the sign's lines are. */
export function signSample({ end, broken }: LegendSign, points: readonly [Point, Point], view: View): readonly Mark[] {
  const strands = [{ kind: 'net' as const, namespace: '', points }];
  return linkMarks({ key: '', set: '', from: '', to: '', end, texts: [], room: null, broken, strands }, view);
}
