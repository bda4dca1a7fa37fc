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
  /** Draw the engine's networks as lanes between the cards. */
  readonly networks: boolean;
  readonly stopped: boolean;
  readonly helpers: boolean;
  /** A filter expression, '' for none: see filter.ts. */
  readonly filter: string;
}

/**
 * What there is to draw, without sizes and places. `buildSceneGraph` makes it from snapshot and sharing, and from the graph
 * before: entries that are equal in both are the same object, and so are lists, and the whole graph, if all of it is equal.
 */
export interface SceneGraph {
  readonly nodes: readonly GraphNode[];
  readonly groups: readonly GraphGroup[];
  readonly sets: readonly GraphSet[];
  readonly broken: readonly (BrokenShare & { readonly texts: readonly string[]; readonly change?: Change })[];
  /** What nodes share with the machine and is worth a line: by choice, or all of it where that is asked for. */
  readonly machine: readonly MachineLink[];
  /** The engine's networks that connect what is drawn; none unless they are asked for. */
  readonly networks: readonly GraphNetwork[];
  /** What is true of everybody, and therefore drawn nowhere: one sentence each. */
  readonly remarks: readonly string[];
  /** Containers in the snapshot, before filters: "showing 12 of 40". */
  readonly total: number;
  /** What was left out on request. Graphs of one arrangement keep their places; another is a picture of its own. */
  readonly arrangement: string;
}

/** What became of a thing between two snapshots that are compared; absent where nothing did, or nothing is compared. */
export type Change = 'added' | 'removed' | 'changed';

export interface MachineLink {
  readonly change?: Change;
  readonly node: MemberId;
  readonly strands: GraphSet['strands'];
  readonly texts: readonly string[];
}

/** The size of a card and of the room around it, in units: at the scale at which all is seen, a unit is about a pixel. */
export interface CardSize {
  readonly width: number;
  readonly height: number;
  /** Between two columns of cards. */
  readonly lane: number;
  /** Below each card: for what is written at the lines that leave it, and for hubs. */
  readonly shelf: number;
  /** Below each row of a group: for lines that run along it. */
  readonly band: number;
  /** The title of a group. */
  readonly head: number;
  /** Around every group and card that stands alone: for lines between them. */
  readonly edge: number;
}

/** What the picture is made for, in CSS pixels. */
export interface Stage {
  readonly width: number;
  readonly height: number;
}

export interface StripSlot {
  readonly kind: NamespaceKind;
  readonly standing: Standing;
  /** Members other than this one; 1 where it is the machine's, whoever else is in it. */
  readonly partners: number;
  readonly namespace: NamespaceId | null;
  /** Not what every container has: it is drawn without being asked for. */
  readonly told: boolean;
  /** Why it is shared, in Docker's words; null where nothing is to be explained. */
  readonly reason: string | null;
  /** It was joined at run time. */
  readonly joined?: boolean;
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
  /** The label without what the title of its group says already. */
  readonly short: string;
  /** The command line of its init, in one line; '' where it does not run or could not be read. */
  readonly command: string;
  /** The pid of its init in its own namespace and on the machine. */
  readonly init: { readonly inside: number; readonly outside: number } | null;
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
  readonly change?: Change;
}

/**
 * Drawn as an enclosure: a compose project, a pod, members that share a namespace, the services of the host, another
 * engine's containers, or a container with those of an engine inside it.
 */
export interface GraphGroup {
  readonly key: string;
  readonly type: 'compose' | 'pod' | 'shared' | 'services' | 'engine' | 'nested';
  /** The project, the pod, or for `shared` whose namespace it is. */
  readonly label: string;
  /** For `shared`: what holds the group together. */
  readonly kind: NamespaceKind | null;
  readonly members: readonly MemberId[];
}

/** A member set to draw: two members draw a line, three or more a hub with one spoke a member. */
export interface GraphSet {
  readonly key: string;
  readonly members: readonly MemberId[];
  readonly strands: readonly { readonly kind: NamespaceKind; readonly namespace: NamespaceId }[];
  /** Whose namespace it was before others joined; null where nobody is known to have been first. */
  readonly owner: MemberId | null;
  /** Kinds and reason, from the longest wording to the shortest: the first that fits is written. */
  readonly texts: readonly string[];
  /** Of members: who joined, and who left. */
  readonly changes?: Readonly<Record<MemberId, Change>>;
}

/** A network of the engine, with those who are in it and are drawn: at least two. */
export interface GraphNetwork {
  readonly key: string;
  readonly name: string;
  readonly subnets: readonly string[];
  /** Null where that is not known. */
  readonly internal: boolean | null;
  readonly members: readonly MemberId[];
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** An upright rectangle; `x`,`y` is the top left corner. */
export interface Box extends Point {
  readonly width: number;
  readonly height: number;
}

/** Where everything was: passed back in, so that what did not change does not move. Serialisable. */
export interface Placement {
  readonly card: CardSize;
  readonly slots: readonly {
    /** A group's key, or what names a node that stands alone. */
    readonly group: string;
    /** A group that cannot grow where it is goes on in another part. */
    readonly part: number;
    readonly columns: number;
    readonly x: number;
    readonly y: number;
    /** The room that is kept, which may be more than is used. */
    readonly width: number;
    readonly height: number;
    /** Members by place, row by row; null for a free place. */
    readonly members: readonly (MemberId | null)[];
    /** The `tick` at which the slot lost its last member; null while in use. */
    readonly freedAt: number | null;
  }[];
}

/** Everything that is drawn, with coordinates rounded to 1/100 of a unit. Screen and files draw the same scene. */
export interface Scene {
  readonly nodes: readonly SceneNode[];
  readonly groups: readonly SceneGroup[];
  readonly hubs: readonly SceneHub[];
  readonly links: readonly SceneLink[];
  /** The networks, where they are asked for: below lines and cards. */
  readonly lanes: readonly SceneLane[];
  /** The machine: the enclosure of everything. Its bar is the host's node, its foot holds the remarks. */
  readonly hull: Box & { readonly foot: number };
  readonly remarks: readonly string[];
  readonly bounds: Box;
  readonly total: number;
  readonly arrangement: string;
}

/** What a node uses at the moment, as its card tells it. */
export interface CardUse {
  /** Of all processors of the machine, 0 to 1; null where it is not known. */
  readonly cpu: number | null;
  /** Of the machine's memory, 0 to 1. */
  readonly memory: number | null;
  /** Where it comes against its own limit. */
  readonly pressed: { readonly cpu: boolean; readonly memory: boolean };
  /** Both as figures, in a few words. */
  readonly text: string;
  /** Why a figure is not known; null where all are. */
  readonly unknown: string | null;
}

/** `x`,`y` is the centre. */
export interface SceneNode extends GraphNode, Point {
  readonly width: number;
  readonly height: number;
  readonly pinned: boolean;
  /** Only where somebody wants to see it. */
  readonly use?: CardUse;
}

/** `x`,`y` is the top left corner. */
export interface SceneGroup extends GraphGroup, Point {
  readonly width: number;
  readonly height: number;
  /** Where its title is. */
  readonly title: Box;
}

export interface SceneHub extends GraphSet, Point {
  readonly radius: number;
  /** Where its text may be; null where there is no room at any scale. */
  readonly room: Box | null;
}

/** A line between two nodes, from a node to a hub, or to the machine. Strands run in parallel. */
export interface SceneLink {
  readonly key: string;
  readonly set: string;
  /** Who joined. */
  readonly from: MemberId;
  /** A node's key, a hub's key, or HOST. */
  readonly to: string;
  readonly strands: readonly {
    readonly kind: NamespaceKind;
    readonly namespace: NamespaceId;
    /** At least two. */
    readonly points: readonly Point[];
  }[];
  /**
   * What stands at the end: `owner` where the namespace is that node's, `hull` at the edge of the machine, `ground` where
   * that edge is too far and a piece of it stands for it.
   */
  readonly end: 'owner' | 'hull' | 'ground' | null;
  readonly texts: readonly string[];
  readonly room: Box | null;
  /** A declared and not actual share: drawn dashed and crossed out. */
  readonly broken: boolean;
  readonly change?: Change;
  /** Units from the line's middle that a sign upon it may take, so that it covers no card. */
  readonly sign?: number;
}

/**
 * A network as a lane through the gutters, with a branch to each card that is in it; or, where there are too many to be
 * drawn beside each other, several as one.
 */
export interface SceneLane {
  readonly key: string;
  readonly networks: readonly GraphNetwork[];
  /** Of these lines each has at least two points. */
  readonly paths: readonly (readonly Point[])[];
  /** Where the branches leave it: a crossing without such a point is no connection. */
  readonly joints: readonly Point[];
  readonly signs: readonly LaneSign[];
}

/** Where a lane says what it is: in one room with others that pass there. */
export interface LaneSign {
  readonly room: Box;
  /** Pixels at the left of the room in which something else is written. */
  readonly behind: number;
  /** Of each lane that says something there, from the longest wording to the shortest. */
  readonly texts: readonly (readonly string[])[];
  /** Which of them is its own. */
  readonly index: number;
}
