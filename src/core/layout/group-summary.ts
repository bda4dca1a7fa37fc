import type { MemberId } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import type { Scene, SceneGroup, SceneNode, StripSlot } from './scene.ts';

/** What is to be known of a group without looking into it. */
export interface GroupSummary {
  /** Kinds that members share, and those that are the machine's by choice, in their order. */
  readonly shared: readonly NamespaceKind[];
  readonly host: readonly NamespaceKind[];
  /** Members that do not run, that declare a share which is not in force, and that something is found of. */
  readonly stopped: number;
  readonly broken: number;
  readonly warned: number;
}

/** Kinds of that standing that are no default. */
export function toldKinds(strips: readonly (readonly StripSlot[])[], standing: StripSlot['standing']): NamespaceKind[] {
  const there = new Set<NamespaceKind>();
  for (const strip of strips)
    for (const slot of strip) if (slot.told && slot.standing === standing) there.add(slot.kind);
  return NAMESPACE_KINDS.filter((kind) => there.has(kind));
}

function summaryOf({ members }: SceneGroup, nodes: ReadonlyMap<MemberId, SceneNode>): GroupSummary {
  const own = members.flatMap((member) => nodes.get(member) ?? []);
  const strips = own.map(({ strip }) => strip);
  return {
    shared: toldKinds(strips, 'shared'),
    host: toldKinds(strips, 'host'),
    stopped: own.filter(({ state }) => state !== 'running').length,
    broken: own.filter(({ broken }) => broken).length,
    warned: own.filter(({ warnings }) => warnings > 0).length,
  };
}

type Summarised = Pick<Scene, 'groups' | 'nodes'>;

/** Asked with every key of a search, for the same scene. */
const made = new WeakMap<Summarised, ReadonlyMap<string, GroupSummary>>();

/** Summaries of all groups of a scene, by their keys. */
export function summariesOf(scene: Summarised): ReadonlyMap<string, GroupSummary> {
  const before = made.get(scene);
  if (before !== undefined) return before;
  const byKey = new Map(scene.nodes.map((node) => [node.key, node]));
  const summaries = new Map(scene.groups.map((group) => [group.key, summaryOf(group, byKey)]));
  made.set(scene, summaries);
  return summaries;
}
