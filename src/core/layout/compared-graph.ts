import { type Difference, difference } from '../answer/difference.ts';
import { pairContainers } from '../answer/same-container.ts';
import { analyseSharing } from '../sharing/analyse.ts';
import { HOST, type MemberId } from '../sharing/sharing.ts';
import { NAMESPACE_KINDS, type NamespaceKind } from '../snapshot/namespace.ts';
import { compareText } from '../snapshot/order.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { buildSceneGraph } from './graph.ts';
import { wordings } from './reasons.ts';
import type { Change, GraphGroup, GraphNode, GraphSet, MachineLink, SceneGraph, ViewOptions } from './scene.ts';

/** One kind of one set of either side, with members named as in the later snapshot. */
interface Share {
  readonly kind: NamespaceKind;
  readonly set: GraphSet;
  readonly namespace: string;
  readonly members: readonly MemberId[];
}

/** A share is the same in both when its kind is, and whose it is: more may have joined, or have left. */
function sharesOf({ sets }: SceneGraph, later: (member: MemberId) => MemberId): Map<string, Share> {
  const shares = new Map<string, Share>();
  for (const set of sets) {
    const members = set.members.map(later).sort(compareText);
    const owner = set.owner === null ? (members[0] ?? '') : later(set.owner);
    for (const { kind, namespace } of set.strands) {
      shares.set(JSON.stringify([kind, owner]), { kind, set, namespace, members });
    }
  }
  return shares;
}

/** The members of both sides, and what became of each. */
function joined(was: Share | undefined, is: Share | undefined, drawn: ReadonlySet<MemberId>) {
  const before = new Set(was?.members);
  const after = new Set(is?.members);
  const members = [...new Set([...after, ...before])].filter((member) => drawn.has(member)).sort(compareText);
  const changes = members.flatMap((member): [MemberId, Change][] =>
    before.has(member) && after.has(member) ? [] : [[member, after.has(member) ? 'added' : 'removed']],
  );
  return { members, changes };
}

/** Shares of both sides. Those with the same members to which the same happened are one line or hub. */
function mergeSets(before: SceneGraph, after: SceneGraph, later: (id: MemberId) => MemberId, drawn: Set<MemberId>) {
  const [old, now] = [sharesOf(before, later), sharesOf(after, (id) => id)];
  const merged = new Map<string, ReturnType<typeof joined> & { share: Share; gone: boolean; kinds: Share[] }>();
  for (const key of [...new Set([...now.keys(), ...old.keys()])].sort(compareText)) {
    const [was, is] = [old.get(key), now.get(key)];
    const share = is ?? was;
    const { members, changes } = joined(was, is, drawn);
    if (share === undefined || members.length < 2) continue;
    const gone = is === undefined;
    const place = JSON.stringify([members, changes, gone]);
    const known = merged.get(place);
    if (known === undefined) merged.set(place, { share, gone, members, changes, kinds: [share] });
    else known.kinds.push(share);
  }
  const used = new Set<string>();
  return [...merged.values()].map(({ share, gone, members, changes, kinds }): GraphSet => {
    const wanted = gone ? `gone:${share.set.key}` : share.set.key;
    const key = used.has(wanted) ? `${wanted}:${share.kind}` : wanted;
    used.add(key);
    kinds.sort((a, b) => NAMESPACE_KINDS.indexOf(a.kind) - NAMESPACE_KINDS.indexOf(b.kind));
    const owner = share.set.owner === null ? null : gone ? later(share.set.owner) : share.set.owner;
    return {
      key,
      members,
      strands: kinds.map(({ kind, namespace }) => ({ kind, namespace })),
      owner,
      texts:
        kinds.length === share.set.strands.length
          ? share.set.texts
          : wordings(
              kinds.map(({ kind }) => kind),
              [],
            ),
      changes: Object.fromEntries(changes),
    };
  });
}

/** What nodes share with the machine in both: of one that has more kinds of it than before, or fewer, it changed. */
function mergeMachine(before: SceneGraph, after: SceneGraph, later: (id: MemberId) => MemberId): MachineLink[] {
  const old = new Map(before.machine.map((link) => [later(link.node), link]));
  const kindsOf = ({ strands }: MachineLink) => strands.map(({ kind }) => kind).join();
  const now = after.machine.map((link): MachineLink => {
    const was = old.get(link.node);
    old.delete(link.node);
    if (was !== undefined && kindsOf(was) === kindsOf(link)) return link;
    return { ...link, change: was === undefined ? 'added' : 'changed' };
  });
  return [...now, ...[...old].map(([node, link]): MachineLink => ({ ...link, node, change: 'removed' }))];
}

function mergeBroken(before: SceneGraph, after: SceneGraph, later: (id: MemberId) => MemberId): SceneGraph['broken'] {
  const keyOf = (kind: NamespaceKind, container: MemberId) => JSON.stringify([kind, container]);
  const old = new Map(before.broken.map((share) => [keyOf(share.kind, later(share.container)), share]));
  const now = after.broken.map((share): SceneGraph['broken'][number] =>
    old.delete(keyOf(share.kind, share.container)) ? share : { ...share, change: 'added' },
  );
  const gone = [...old.values()].map((share): SceneGraph['broken'][number] => {
    const target = share.target === null ? null : later(share.target);
    return { ...share, container: later(share.container), target, change: 'removed' };
  });
  return [...now, ...gone];
}

/** A removed node stands where it stood, if that is still drawn, or is a project or pod of its own. */
function mergeGroups(before: SceneGraph, after: SceneGraph, removed: readonly GraphNode[]): GraphGroup[] {
  const groups = new Map(after.groups.map((group) => [group.key, group]));
  const old = new Map(before.groups.map((group) => [group.key, group]));
  for (const { key, group: name } of removed) {
    const group = name === null ? undefined : (groups.get(name) ?? old.get(name));
    if (name === null || group === undefined) continue;
    const known = groups.get(name);
    if (known === undefined && group.type !== 'compose' && group.type !== 'pod') continue;
    groups.set(name, { ...group, members: [...(known?.members ?? []), key] });
  }
  return [...groups.values()].sort((a, b) => compareText(a.key, b.key));
}

/** What became of each container, by its id. */
function changesOf(list: readonly Difference[]): Map<MemberId, Change> {
  const changes = new Map<MemberId, Change>();
  for (const { id, what, change } of list) {
    if (id === null) continue;
    const own = what === 'container' && change !== 'changed';
    if (own || !changes.has(id)) changes.set(id, own ? change : 'changed');
  }
  return changes;
}

/** In another boot the same id is another namespace. */
function withoutIds(strip: GraphNode['strip']): GraphNode['strip'] {
  return strip.map((slot) => ({ ...slot, namespace: null }));
}

/**
 * The graph of the later snapshot together with what is gone since the earlier one, each marked with what became of it.
 * Processes of no container are compared within one boot only.
 */
export function comparedGraph(before: Snapshot, after: Snapshot, view: ViewOptions): SceneGraph {
  const [old, now] = [before, after].map((each) => buildSceneGraph(each, analyseSharing(each), view));
  if (old === undefined || now === undefined) throw new Error('no graphs');
  const { later } = pairContainers(before, after);
  const { sameBoot, list } = difference(before, after);
  const changes = changesOf(list);
  const [had, has] = [old, now].map((graph) => new Set(graph.nodes.map(({ key }) => key)));
  const changeOf = ({ key, type }: GraphNode): Change | undefined =>
    type === 'container' ? changes.get(key) : type === 'host' || had?.has(key) || !sameBoot ? undefined : 'added';
  const removed = old.nodes
    .filter(({ key, type }) =>
      type === 'container' ? changes.get(key) === 'removed' : type !== 'host' && sameBoot && !has?.has(key),
    )
    .map((node): GraphNode => ({ ...node, change: 'removed', strip: sameBoot ? node.strip : withoutIds(node.strip) }));
  const groups = mergeGroups(old, now, removed);
  const grouped = new Set(groups.flatMap(({ members }) => members));
  const nodes = [
    ...now.nodes.map((node): GraphNode => {
      const change = changeOf(node);
      return change === undefined ? node : { ...node, change };
    }),
    ...removed.map((node): GraphNode => (grouped.has(node.key) ? node : { ...node, group: null, short: node.label })),
  ];
  const drawn = new Set<MemberId>([HOST, ...nodes.map(({ key }) => key)]);
  return {
    ...now,
    nodes,
    groups,
    sets: mergeSets(old, now, later, drawn).sort((a, b) => compareText(a.key, b.key)),
    broken: mergeBroken(old, now, later).filter(({ container }) => drawn.has(container)),
    machine: mergeMachine(old, now, later).filter(({ node }) => drawn.has(node)),
    arrangement: JSON.stringify(['compared', now.arrangement]),
  };
}
