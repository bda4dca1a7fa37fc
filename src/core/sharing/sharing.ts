import type { NamespaceId, NamespaceKind } from '../snapshot/namespace.ts';
import type { ContainerProcesses } from './members.ts';

/** A member of a namespace in the picture: a container's id, or the host. */
export type MemberId = string;
export const HOST: MemberId = 'host';

/**
 * How a container stands in its namespace of one kind.
 * - `private`: only its own processes are in it
 * - `shared`: other containers are in it too, the host is not
 * - `host`: it is the namespace of the host's init side
 * - `unknown`: it could not be read, or the container has no process
 */
export type Standing = 'private' | 'shared' | 'host' | 'unknown';

/** Why a member is in a namespace that others are in too. */
export interface Cause {
  /** Stable, for tests and styling. `owner`: the namespace was made for this member and others joined it. */
  readonly code:
    | 'owner'
    | 'container-mode'
    | 'path-mode'
    | 'user-mode'
    | 'host-mode'
    | 'pod'
    | 'compose'
    | 'engine-default'
    | 'joined-at-run-time'
    | 'host-itself'
    | 'unknown';
  /** One short phrase, for example `--network=container:web1` or `engine default`. */
  readonly text: string;
  /** The `docker run` flag that makes it, if there is one, for example `--network=container:web1`. */
  readonly flag: string | null;
  /** The Kubernetes pod that it belongs to, where that is the cause. */
  readonly pod?: string;
}

/** One namespace that two or more members are in. Members are incidences: nothing here holds pairs. */
export interface SharedNamespace {
  readonly namespace: NamespaceId;
  readonly kind: NamespaceKind;
  /** HOST first if it is in, then whom it was made for, then who joined, ascending by name. At least two. */
  readonly members: readonly MemberId[];
  readonly causes: ReadonlyMap<MemberId, Cause>;
}

/** Namespaces with one and the same member set: drawn as one line (two members) or one hub (three or more). */
export interface MemberSet {
  /** Stable across snapshots: derived from the members' ids. */
  readonly key: string;
  readonly members: readonly MemberId[];
  /** In the order of NAMESPACE_KINDS. */
  readonly shared: readonly SharedNamespace[];
}

export interface ContainerStanding {
  readonly namespace: NamespaceId | null;
  readonly standing: Standing;
  /** Set when shared or host, and where it was given by its path. */
  readonly cause: Cause | null;
  /** How many other members are in it: 0 when private or unknown. The members are in `byNamespace`. */
  readonly partners: number;
  /** Processes of this container that are in another namespace of this kind than its init. */
  readonly elsewhere: readonly number[];
}

/** How a container stands in its namespace of each kind. */
export type StandingRow = Readonly<Record<NamespaceKind, ContainerStanding>>;

/** Declared and not actual: `--network=container:X` while the inodes differ because X was restarted or is gone. */
export interface BrokenShare {
  readonly container: MemberId;
  readonly kind: NamespaceKind;
  /** The container that is named; null when no container of that id exists any more. */
  readonly target: MemberId | null;
  /** As the engine has it, with the id as short as Docker prints ids. */
  readonly declared: string;
  /** What it means and what to do, in one or two sentences. */
  readonly text: string;
}

/** A fact about isolation with its evidence and source. */
export interface Finding {
  readonly container: MemberId;
  readonly code: string;
  readonly severity: 'notice' | 'warning' | 'danger';
  readonly title: string;
  /** What follows, in plain words. */
  readonly text: string;
  /** The fact that it rests on, and who tells it. */
  readonly evidence: string;
  /** What closes it, a flag where there is one; null where nothing does. */
  readonly cure: string | null;
  /** Where the rule is written. */
  readonly source: string;
}

/** Made anew for every moment, of rows, namespaces, sets and findings that keep their identity where nothing changed. */
export interface Sharing {
  /** Of every container that has processes, our helpers too. */
  readonly running: ReadonlyMap<MemberId, ContainerProcesses>;
  readonly containers: ReadonlyMap<MemberId, StandingRow>;
  /** Every namespace with two or more members. */
  readonly byNamespace: ReadonlyMap<NamespaceId, SharedNamespace>;
  /** Member sets, ascending by key. Includes those with the host. */
  readonly sets: readonly MemberSet[];
  /**
   * Processes of no container that are in a container's namespace and not in the host's of that kind: somebody entered
   * it from outside, as `nsenter` does. Pids ascending.
   */
  readonly guests: ReadonlyMap<NamespaceId, readonly number[]>;
  readonly broken: readonly BrokenShare[];
  readonly findings: readonly Finding[];
}
