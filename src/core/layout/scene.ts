import type { BrokenShare, MemberId, Standing } from '../sharing/sharing.ts';
import type { NamespaceId, NamespaceKind } from '../snapshot/namespace.ts';
import type { Container } from '../snapshot/snapshot.ts';

/** What the user chose to see. Serialisable: saved with the view, passed to the layout worker and to the CLI. */
export interface ViewOptions {
  /** Kinds that are drawn, any subset of the eight. */
  readonly kinds: readonly NamespaceKind[];
  /** Draw links to the host too; otherwise host-shared kinds are badges on the nodes. */
  readonly hostLinks: boolean;
  /** Draw what runs on the host beside the containers: its services, and other engines' containers. */
  readonly services: boolean;
  readonly stopped: boolean;
  readonly helpers: boolean;
  /** A filter expression, '' for none: see filter.ts. */
  readonly filter: string;
}

/** Size-less, position-less: what there is to draw. Made from snapshot and sharing by `buildSceneGraph`. */
export interface SceneGraph {
  readonly nodes: readonly GraphNode[];
  readonly groups: readonly GraphGroup[];
  readonly sets: readonly GraphSet[];
  readonly broken: readonly BrokenShare[];
  /** Containers in the snapshot, before filters: "showing 12 of 40". */
  readonly total: number;
  /** What was left out on request. Graphs of one arrangement keep their places; another is a picture of its own. */
  readonly arrangement: string;
}

export interface StripSlot {
  readonly kind: NamespaceKind;
  readonly standing: Standing;
  /** Members other than this one. */
  readonly partners: number;
  readonly namespace: NamespaceId | null;
}

export interface GraphNode {
  /** The container's id, HOST, a service's key, or what is made of the leader's pid and start time. */
  readonly key: MemberId;
  /**
   * `process`: processes of no container with the same namespaces, named by their leader. `service`: a unit or another
   * part of the host. `foreign`: a container of another engine, or a step of a build.
   */
  readonly type: 'container' | 'host' | 'process' | 'service' | 'foreign';
  readonly label: string;
  /** Image; for the host what it is and its kernel; for processes the leader's pid and command. */
  readonly detail: string;
  /** The host's only: what it has, and what runs on it, in a few words. */
  readonly facts?: string;
  /** The processes of a node that is neither a container nor the host. */
  readonly pids?: readonly number[];
  readonly state: Container['state'];
  readonly processes: number;
  /** Eight slots, in the order of NAMESPACE_KINDS; empty for the host. */
  readonly strip: readonly StripSlot[];
  readonly group: string | null;
  /** Findings of severity warning or danger. */
  readonly warnings: number;
  readonly broken: boolean;
}

/**
 * Drawn as an enclosure: a compose project, a pod, members that share a namespace, the services of the host, another
 * engine's containers, or a container with those of an engine inside it.
 */
export interface GraphGroup {
  readonly key: string;
  readonly type: 'compose' | 'pod' | 'shared' | 'services' | 'engine' | 'nested';
  readonly label: string;
  readonly members: readonly MemberId[];
}

/** A member set to draw: two members draw a line, three or more a hub with one spoke a member. */
export interface GraphSet {
  readonly key: string;
  readonly members: readonly MemberId[];
  readonly strands: readonly { readonly kind: NamespaceKind; readonly namespace: NamespaceId }[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where everything was: passed back in, so that what did not change does not move. Serialisable. */
export interface Placement {
  readonly slots: readonly {
    /** A group's key, or what names a node that stands alone. */
    readonly group: string;
    /** A group that cannot grow where it is goes on in another part. */
    readonly part: number;
    readonly x: number;
    readonly y: number;
    /** The room that is kept, which may be more than is used. */
    readonly width: number;
    readonly height: number;
    /** Members by place; null for a free place. */
    readonly members: readonly (MemberId | null)[];
    /** The `tick` at which the slot lost its last member; null while in use. */
    readonly freedAt: number | null;
  }[];
  /** Where hubs are, and where they would be if nothing were in the way. */
  readonly hubs: readonly { readonly key: string; readonly at: Point; readonly wanted: Point }[];
}

/** Everything that is drawn, with coordinates rounded to 1/100 of a unit. Screen and files draw the same scene. */
export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly groups: readonly SceneGroup[];
  readonly hubs: readonly SceneHub[];
  readonly links: readonly SceneLink[];
  readonly bounds: { readonly x: number; readonly y: number; readonly width: number; readonly height: number };
  readonly total: number;
  readonly arrangement: string;
}

/** `x`,`y` is the centre. */
export interface SceneNode extends GraphNode, Point {
  readonly width: number;
  readonly height: number;
  readonly pinned: boolean;
}

/** `x`,`y` is the top left corner. */
export interface SceneGroup extends GraphGroup, Point {
  readonly width: number;
  readonly height: number;
}

export interface SceneHub extends GraphSet, Point {
  readonly radius: number;
}

/** A line between two nodes, or a spoke from a node to a hub. Strands run in parallel. */
export interface SceneLink {
  readonly key: string;
  readonly set: string;
  readonly from: MemberId;
  /** A node's key, or a hub's key. */
  readonly to: string;
  readonly strands: readonly {
    readonly kind: NamespaceKind;
    readonly namespace: NamespaceId;
    /** At least two. */
    readonly points: readonly Point[];
  }[];
  /** A declared and not actual share: drawn dashed and crossed out. */
  readonly broken: boolean;
}
