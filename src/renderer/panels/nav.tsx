import { Fragment } from 'react';
import type { GraphNode, SceneGraph } from '#core/layout/scene.ts';
import { HOST, type MemberId, type Sharing } from '#core/sharing/sharing.ts';
import { containersById, processesByPid } from '#core/snapshot/by-key.ts';
import type { Container, Process, Snapshot } from '#core/snapshot/snapshot.ts';
import { visibleText } from '#core/text/visible.ts';
import { comma, t } from '#core/words/words.ts';
import type { Selection } from '../state/state.ts';

/** What every part of the panel needs: the facts by id, and the way to another selection. */
export interface Nav {
  readonly snapshot: Snapshot;
  readonly sharing: Sharing;
  readonly containers: ReadonlyMap<string, Container>;
  readonly processes: ReadonlyMap<number, Process>;
  /** The drawn nodes by key: they have the names for processes of no container. */
  readonly nodes: ReadonlyMap<string, GraphNode>;
  /** The process that was selected by its pid; null for none. */
  readonly pid: number | null;
  readonly select: (selection: Selection) => void;
}

export function createNav(
  snapshot: Snapshot,
  sharing: Sharing,
  graph: SceneGraph,
  pid: number | null,
  select: (selection: Selection) => void,
): Nav {
  return {
    snapshot,
    sharing,
    containers: containersById(snapshot.containers),
    processes: processesByPid(snapshot.processes),
    nodes: new Map(graph.nodes.map((node) => [node.key, node])),
    pid,
    select,
  };
}

/** A member's name for people. */
export function memberName(nav: Nav, member: MemberId): string {
  if (member === HOST) return t('host');
  const node = nav.nodes.get(member);
  if (node?.type === 'process') return visibleText(`${node.label} (${node.detail})`);
  if (node?.pids !== undefined) return visibleText(node.label);
  return visibleText(nav.containers.get(member)?.name ?? member.slice(0, 12));
}

export function MemberLink({ nav, member }: { readonly nav: Nav; readonly member: MemberId }) {
  const name = memberName(nav, member);
  return (
    <button
      type="button"
      className="link"
      title={name}
      onClick={() => nav.select(member === HOST ? { type: 'host' } : { type: 'container', id: member })}
    >
      {name}
    </button>
  );
}

export function NamespaceLink({ nav, id }: { readonly nav: Nav; readonly id: string }) {
  return (
    <button type="button" className="link mono" onClick={() => nav.select({ type: 'namespace', id })}>
      {id}
    </button>
  );
}

/** Links with commas between them. */
export function MemberLinks({ nav, members }: { readonly nav: Nav; readonly members: readonly MemberId[] }) {
  return members.map((member, index) => (
    <Fragment key={member}>
      {index > 0 && comma()}
      <MemberLink nav={nav} member={member} />
    </Fragment>
  ));
}
