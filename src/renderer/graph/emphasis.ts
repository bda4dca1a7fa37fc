import type { SceneGroup, SceneHub, SceneLane, SceneLink, SceneNode } from '#core/layout/scene.ts';
import type { World } from './layers.ts';

/** What stands out: null means nothing is dimmed for that reason. */
export interface Emphasis {
  readonly selected: ReadonlySet<string>;
  readonly near: ReadonlySet<string> | null;
  readonly found: ReadonlySet<string> | null;
  /** Those found, and whom they share with; null when nothing is searched. */
  readonly beside: ReadonlySet<string> | null;
  /** The node or set that the keyboard is on. */
  readonly active: string | null;
}

export const NO_EMPHASIS: Emphasis = { selected: new Set(), near: null, found: null, beside: null, active: null };

/** How something stands out, or steps back. */
export type Standing = '' | 'dim' | 'found';

/** How each of what is too small to be drawn alone does so. */
export function standingOut({ near, found, beside }: Emphasis) {
  const shown = near ?? beside;
  const line = (key: string): Standing => (shown !== null && !shown.has(key) ? 'dim' : '');
  return {
    node: ({ key }: SceneNode): Standing => {
      if (found?.has(key)) return 'found';
      return beside !== null && !beside.has(key) && !(near?.has(key) ?? false) ? 'dim' : '';
    },
    group: ({ members }: SceneGroup): Standing =>
      found !== null && members.some((member) => found.has(member)) ? 'found' : '',
    hub: ({ key }: SceneHub): Standing => line(key),
    link: ({ set }: SceneLink): Standing => line(set),
  };
}

/** Marks what stands out in the document, and what steps back. */
export function markEmphasis(world: World, { selected, near, found, beside, active }: Emphasis, far: boolean): void {
  const shown = near ?? beside;
  const away = (key: string) => shown !== null && !shown.has(key);
  world
    .selectAll<SVGGElement, SceneNode>('.nodes > g')
    .classed(
      'dim',
      ({ key, type }) => type !== 'host' && beside !== null && !beside.has(key) && !(near?.has(key) ?? false),
    )
    .classed('found', ({ key }) => found?.has(key) ?? false)
    .classed('selected', ({ key }) => selected.has(key))
    .classed('active', ({ key }) => key === active);
  world
    .selectAll<SVGGElement, SceneGroup>('.groups > g')
    .classed('found', ({ members }) => far && members.some((member) => found?.has(member)));
  world
    .selectAll<SVGGElement, SceneHub>('.hubs > g')
    .classed('dim', ({ key }) => away(key))
    .classed('selected', ({ key }) => selected.has(key))
    .classed('active', ({ key }) => key === active);
  world
    .selectAll<SVGGElement, SceneLink>('.links > g')
    .classed('dim', ({ set }) => away(set))
    .classed('near', ({ set }) => near?.has(set) ?? false)
    .classed('selected', ({ set }) => selected.has(set))
    .classed('active', ({ set }) => set === active);
  world
    .selectAll<SVGGElement, SceneLane>('.lanes > g, .lanes-far > g')
    .classed('dim', ({ key }) => away(key))
    .classed('near', ({ key }) => near?.has(key) ?? false)
    .classed('active', ({ key }) => key === active);
}
