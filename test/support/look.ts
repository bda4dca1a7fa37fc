import { analyseSharing } from '../../src/core/sharing/analyse.ts';
import type { Cause, Sharing, Standing } from '../../src/core/sharing/sharing.ts';
import type { NamespaceKind } from '../../src/core/snapshot/namespace.ts';
import type { Container, Process, Snapshot } from '../../src/core/snapshot/snapshot.ts';
import type { Inspector } from '../../src/inspector/inspector.ts';

/** A snapshot and its sharing, asked by container names as a person would. Unknown names throw. */
export interface Look {
  readonly snapshot: Snapshot;
  readonly sharing: Sharing;
  container(name: string): Container;
  /** The container's process with the lowest pid inside: its init where it has a pid namespace of its own. */
  init(name: string): Process;
  standing(kind: NamespaceKind, name: string): Standing | undefined;
  cause(kind: NamespaceKind, name: string): Cause | null | undefined;
  /** Names (and `host`) of all who are in the container's namespace of a kind; empty when it is private. */
  members(kind: NamespaceKind, name: string): string[];
}

/** Asks a snapshot by names. */
export function lookAt(snapshot: Snapshot): Look {
  const sharing = analyseSharing(snapshot);
  const container = (name: string): Container => {
    const found = snapshot.containers.find((one) => one.name === name);
    if (found === undefined) throw new Error(`no container ${name}`);
    return found;
  };
  const of = (kind: NamespaceKind, name: string) => sharing.containers.get(container(name).id)?.[kind];
  return {
    snapshot,
    sharing,
    container,
    init(name) {
      const { id, pid } = container(name);
      const found = snapshot.processes.find((process) => process.container === id && process.pid === pid);
      if (found === undefined) throw new Error(`no process of ${name}`);
      return found;
    },
    standing: (kind, name) => of(kind, name)?.standing,
    cause: (kind, name) => of(kind, name)?.cause,
    members(kind, name) {
      const members = sharing.byNamespace.get(of(kind, name)?.namespace ?? '')?.members ?? [];
      return members.map((member) => snapshot.containers.find((one) => one.id === member)?.name ?? member).sort();
    },
  };
}

/** One scan of the endpoint, to be asked by names. */
export async function look(inspector: Inspector, endpoint: string): Promise<Look> {
  return lookAt(await inspector.request['snapshot.take']({ endpoint }));
}
