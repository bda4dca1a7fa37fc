import type { Scene, SceneGroup, SceneHub, SceneLane, SceneLink, SceneNode } from '#core/layout/scene.ts';

/** Above so many nodes only those near the view are kept in the document, and from afar most of them as one. */
export const MANY = 250;

/** What of a scene is in the document. */
export interface DrawnPart {
  readonly groups: readonly SceneGroup[];
  readonly links: readonly SceneLink[];
  readonly hubs: readonly SceneHub[];
  readonly nodes: readonly SceneNode[];
}

/** Corners of the part of the scene that is kept ready. */
export interface Near {
  readonly x0: number;
  readonly y0: number;
  readonly x1: number;
  readonly y1: number;
}

/**
 * What is near the view, and not inside of a group that stands for it.
 * @param far whether groups stand for their members
 * @param asked what is shown nevertheless
 */
export function drawnPart(scene: Scene, near: Near, far: boolean, asked: ReadonlySet<string>): DrawnPart {
  const inside = new Map<string, string>();
  if (far) {
    for (const { key, members } of scene.groups) for (const member of members) inside.set(member, key);
    for (const { key, pinned } of scene.nodes) if (pinned || asked.has(key)) inside.delete(key);
  }
  const folded = (members: readonly string[]) => {
    const group = inside.get(members[0] ?? '');
    return group !== undefined && members.every((member) => inside.get(member) === group);
  };
  const foldedHubs = new Set(scene.hubs.filter(({ members }) => folded(members)).map(({ key }) => key));
  const cull = scene.nodes.length > MANY;
  const inView = (x0: number, y0: number, x1: number, y1: number) =>
    !cull || (x0 < near.x1 && x1 > near.x0 && y0 < near.y1 && y1 > near.y0);
  const linkInView = ({ strands }: SceneLink) => {
    let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
    for (const { x, y } of strands[0]?.points ?? []) {
      x0 = Math.min(x0, x);
      x1 = Math.max(x1, x);
      y0 = Math.min(y0, y);
      y1 = Math.max(y1, y);
    }
    return inView(x0 - 9, y0 - 9, x1 + 9, y1 + 9);
  };
  return {
    groups: scene.groups.filter(({ x, y, width, height }) => inView(x, y, x + width, y + height)),
    links: scene.links.filter((link) => {
      const { from, to, set } = link;
      if (far && to !== set && folded([from, to])) return false;
      if (foldedHubs.has(to) || (far && inside.has(from) && set.startsWith('hull:'))) return false;
      return linkInView(link);
    }),
    hubs: scene.hubs.filter(({ key, x, y }) => !foldedHubs.has(key) && inView(x - 30, y - 30, x + 30, y + 40)),
    nodes: scene.nodes.filter(({ key, type, x, y, width, height }) => {
      if (type === 'host') return true;
      return !inside.has(key) && inView(x - width / 2, y - height / 2, x + width / 2, y + height / 2);
    }),
  };
}

/** The lanes that come near the view. */
export function lanesNear({ lanes, nodes }: Scene, near: Near): readonly SceneLane[] {
  if (nodes.length <= MANY) return lanes;
  return lanes.filter(({ paths }) =>
    paths.some((points) =>
      points.some((to, index) => {
        const from = points[index - 1] ?? to;
        const across = Math.min(from.x, to.x) < near.x1 && Math.max(from.x, to.x) > near.x0;
        return across && Math.min(from.y, to.y) < near.y1 && Math.max(from.y, to.y) > near.y0;
      }),
    ),
  );
}
