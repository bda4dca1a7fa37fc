import { select } from 'd3';
import type { SceneGroup, SceneHub, SceneLane, SceneLink, SceneNode } from '#core/layout/scene.ts';
import type { Thing } from './crowd.ts';

export type SetPart = Pick<SceneLink, 'set' | 'strands' | 'from' | 'broken'>;

/** What something in the picture stands for. */
export type Part =
  | { readonly type: 'node'; readonly item: SceneNode }
  | { readonly type: 'set'; readonly item: SetPart }
  | { readonly type: 'lane'; readonly item: SceneLane }
  | { readonly type: 'group'; readonly item: SceneGroup };

const setOfHub = (hub: SceneHub): SetPart => ({
  set: hub.key,
  from: hub.key,
  broken: false,
  strands: hub.strands.map((strand) => ({ ...strand, points: [] })),
});

export function partOf(thing: Thing): Part {
  if (thing.type === 'hub') return { type: 'set', item: setOfHub(thing.item) };
  if (thing.type === 'link') return { type: 'set', item: thing.item };
  return thing;
}

/** What an element of the picture belongs to; null for the ground. */
export function partOfElement(within: Element, picture: SVGSVGElement): Part | null {
  const element = within.closest('.node, .link, .hub, .lane, .group.far');
  if (element === null || !picture.contains(element)) return null;
  const item = select(element).datum();
  if (element.classList.contains('node')) return { type: 'node', item: item as SceneNode };
  if (element.classList.contains('hub')) return { type: 'set', item: setOfHub(item as SceneHub) };
  if (element.classList.contains('link')) return { type: 'set', item: item as SceneLink };
  if (element.classList.contains('lane')) return { type: 'lane', item: item as SceneLane };
  return { type: 'group', item: item as SceneGroup };
}
