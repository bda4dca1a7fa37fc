import { cgroupsElsewhere } from '../snapshot/cgroups-elsewhere.ts';
import type { NamespaceId, NamespaceKind } from '../snapshot/namespace.ts';
import type { Belonging, Container, Process } from '../snapshot/snapshot.ts';
import { idsInPath } from './cgroup.ts';

/**
 * Which container a process belongs to. Three things tell: its cgroup, its mount and pid namespaces, and its ancestors.
 * None is enough alone. A cgroup's name is chosen by whoever made it; with hybrid cgroups, after a move, and for
 * zombies it says nothing; namespaces may be entered from outside; and orphans get another parent. Source: cgroups(7),
 * pid_namespaces(7), PR_SET_CHILD_SUBREAPER in prctl(2).
 */

type Facts = Omit<Process, 'container' | 'belongs'>;

export interface Owned {
  readonly container: string | null;
  readonly belongs: Belonging | null;
}

export interface OwnershipFacts {
  readonly processes: ReadonlyMap<number, Facts>;
  readonly containers: ReadonlyMap<string, Container>;
  /** The namespaces that "host" means. */
  readonly host: Readonly<Record<NamespaceKind, NamespaceId | null>>;
  /** Seconds since boot at the moment of the snapshot; null where that is not known. */
  readonly uptime: number | null;
  readonly clockTicks: number;
}

/** A runtime needs milliseconds between making a container and running its program; a busy machine a few seconds. */
const STARTING_AT_MOST = 10;

const RUNTIMES = new Set(['runc', 'crun', 'youki', 'buildkit-runc', 'docker-runc']);

function programOf({ argv, comm }: Facts): string {
  return (argv[0] ?? comm).split('/').at(-1) ?? comm;
}

function isRuntime(process: Facts): boolean {
  return process.comm.startsWith('runc:[') || RUNTIMES.has(programOf(process));
}

/**
 * True for the runtime's own process on its way to become a container's: it is in the cgroup already, and has the
 * host's namespaces, or the container's with every capability. A program may call itself `runc` too; so that nothing
 * hides behind that name, it is believed for a moment only, or while the engine says that the container does not run.
 */
function isStarting(process: Facts, container: Container, facts: OwnershipFacts): boolean {
  if (!isRuntime(process)) return false;
  if (container.state !== 'running' && container.state !== 'paused') return true;
  return facts.uptime === null || facts.uptime - process.startTime / facts.clockTicks < STARTING_AT_MOST;
}

/** What the cgroup paths of a process say. */
interface CgroupWord {
  /** The container of this engine whose id the main path bears, the outermost; null for none. */
  readonly container: string | null;
  /** Another container's that one of the other hierarchies bears. */
  readonly other: string | null;
}

function cgroupWord(process: Facts, containers: ReadonlyMap<string, Container>): CgroupWord {
  const bearer = (path: string): string | null => idsInPath(path).find(({ id }) => containers.has(id))?.id ?? null;
  const container = process.cgroup === null ? null : bearer(process.cgroup);
  const other = process.otherCgroups.map(bearer).find((id) => id !== null && id !== container) ?? null;
  return { container, other };
}

/** Programs that watch a container from outside and are the parent of what is exec'ed in it. */
const WATCHERS = /^(containerd-shim.*|docker-containerd-shim|conmon(rs)?)$/;

class Ownership {
  readonly #facts: OwnershipFacts;
  readonly #words = new Map<number, CgroupWord>();
  /** Container ids by the pid of their init, as the engine tells it. */
  readonly #inits = new Map<number, string>();
  readonly #initOf = new Map<string, Facts>();
  /** Containers by the pid of what watches them: a shim may have all of a pod. */
  readonly #watched = new Map<number, Set<string>>();
  readonly #byMnt = new Map<NamespaceId, string>();
  /** The nearest init or watcher at or above each process; walked through once. */
  readonly #above = new Map<number, number | null>();
  /** Containers whose State.Pid names a process of another container. */
  readonly misnamed: Container[] = [];

  constructor(facts: OwnershipFacts) {
    this.#facts = facts;
    for (const process of facts.processes.values()) this.#words.set(process.pid, cgroupWord(process, facts.containers));
    this.#findInits();
    for (const [id, init] of this.#initOf) {
      const { mnt } = init.namespaces;
      if (mnt !== null && mnt !== facts.host.mnt && !this.#byMnt.has(mnt)) this.#byMnt.set(mnt, id);
      const parent = facts.processes.get(init.ppid);
      // A shim that has ended leaves its container to process 1, which watches nobody.
      if (parent === undefined || parent.pid === 1 || !WATCHERS.test(programOf(parent))) continue;
      const watched = this.#watched.get(parent.pid);
      if (watched === undefined) this.#watched.set(parent.pid, new Set([id]));
      else watched.add(id);
    }
  }

  #findInits(): void {
    const { processes, containers } = this.#facts;
    const doubtful: Container[] = [];
    for (const container of containers.values()) {
      const init = container.pid === null ? undefined : processes.get(container.pid);
      if (init === undefined || init.kernelThread) continue;
      const said = this.#words.get(init.pid)?.container ?? null;
      if (said !== null && said !== container.id) doubtful.push(container);
      else this.#setInit(init, container.id);
    }
    for (const container of doubtful) {
      const init = processes.get(container.pid ?? -1);
      if (init === undefined) continue;
      const other = this.#initOf.get(this.#words.get(init.pid)?.container ?? '');
      // The pid may be reused, and be a process of the other container by now; or its process went to another cgroup.
      const moved = other !== undefined && other !== init && other.namespaces.mnt !== init.namespaces.mnt;
      if (moved && !this.#inits.has(init.pid)) this.#setInit(init, container.id);
      else this.misnamed.push(container);
    }
  }

  #setInit(init: Facts, id: string): void {
    this.#inits.set(init.pid, id);
    this.#initOf.set(id, init);
  }

  /** The nearest process at or above that is a container's init or watches containers. */
  #nearest(process: Facts): number | null {
    const { processes } = this.#facts;
    const path: number[] = [];
    let found: number | null = null;
    let at: Facts | undefined = process;
    while (at !== undefined) {
      const known = this.#above.get(at.pid);
      if (known !== undefined) {
        found = known;
        break;
      }
      // Marked as "nothing above" while it is being walked: parents that were read at different moments can form a ring.
      this.#above.set(at.pid, null);
      path.push(at.pid);
      if (this.#inits.has(at.pid) || this.#watched.has(at.pid)) {
        found = at.pid;
        break;
      }
      at = processes.get(at.ppid);
    }
    for (const pid of path) this.#above.set(pid, found);
    return found;
  }

  /** Whether it runs in the container's pid namespace, or in one below it; null where that tells nothing. */
  #inPidNamespace(process: Facts, id: string): boolean | null {
    const pid = this.#initOf.get(id)?.namespaces.pid ?? null;
    if (pid === null || process.namespaces.pid === null || pid === this.#facts.host.pid) return null;
    return process.namespaces.pid === pid;
  }

  watchers(): number[] {
    return [...this.#watched.keys()].sort((a, b) => a - b);
  }

  #isRunning(id: string): boolean {
    const state = this.#facts.containers.get(id)?.state;
    return state !== 'exited' && state !== 'dead' && state !== 'created';
  }

  /** A shim above that was told this id, and is root's own: what starts a container before the engine has told of it. */
  #hasShim(process: Facts, id: string): boolean {
    const { processes, host } = this.#facts;
    const seen = new Set<number>();
    for (let at = processes.get(process.ppid); at !== undefined && !seen.has(at.pid); at = processes.get(at.ppid)) {
      seen.add(at.pid);
      if (!WATCHERS.test(programOf(at))) continue;
      const { user } = at.namespaces;
      return at.uid === 0 && (user === null || user === host.user) && at.argv.includes(id);
    }
    return false;
  }

  of(process: Facts): Owned {
    const { containers } = this.#facts;
    const { container: said, other } = this.#words.get(process.pid) ?? { container: null, other: null };
    if (process.kernelThread) return { container: null, belongs: null };
    const nearest = this.#nearest(process);
    const descends = nearest === null ? null : (this.#inits.get(nearest) ?? null);
    const watched = nearest === null || nearest === process.pid ? undefined : this.#watched.get(nearest);
    const byMount = process.namespaces.mnt === null ? null : (this.#byMnt.get(process.namespaces.mnt) ?? null);
    const mine = (id: string, by: NonNullable<Belonging['by']>): Owned => {
      const container = containers.get(id);
      const disagrees =
        said === id ? other !== null || this.#isPartlyElsewhere(process, id) : this.#isElsewhere(process, id);
      return {
        container: id,
        belongs: {
          by,
          cgroupOf: said === id ? (other ?? said) : said,
          disagrees,
          starting: container !== undefined && isStarting(process, container, this.#facts),
        },
      };
    };

    if (said !== null) {
      const init = this.#initOf.get(said);
      const agrees = descends === said || byMount === said || watched?.has(said) === true;
      if (agrees) return mine(said, 'cgroup');
      // In another container by its ancestors and its mounts: it went to a cgroup that is not its own.
      if (descends !== null && (byMount === descends || this.#inPidNamespace(process, said) !== true)) {
        return mine(descends, 'ancestry');
      }
      const inside = this.#inPidNamespace(process, said);
      if (inside === true) return mine(said, 'cgroup');
      const unknowable = init === undefined ? this.#isRunning(said) || this.#hasShim(process, said) : inside === null;
      const readable = init !== undefined && init.namespaces.mnt !== null && process.namespaces.mnt !== null;
      if (unknowable && !readable) return mine(said, 'cgroup');
      return { container: null, belongs: { by: null, cgroupOf: said, disagrees: true, starting: false } };
    }
    if (descends !== null) return mine(descends, 'ancestry');
    if (watched !== undefined) {
      // What was exec'ed in a container hangs below its shim; the runtime that prepares it does too.
      if (byMount !== null && watched.has(byMount)) return mine(byMount, 'namespaces');
      const inside = [...watched].find((id) => this.#inPidNamespace(process, id) === true);
      if (inside !== undefined) return mine(inside, 'namespaces');
    }
    return { container: null, belongs: null };
  }

  /** True where some controllers of version 1 have it in another cgroup, of which whoever started it had no part. */
  #isPartlyElsewhere(process: Facts, id: string): boolean {
    const { processes } = this.#facts;
    const init = this.#initOf.get(id);
    if (process.state === 'Z' || init === undefined) return false;
    // The probe tells the root only where it was taken out of the container's cgroup there.
    if (process.otherCgroups.includes('/')) return true;
    if (init.pid === process.pid) return false;
    if (cgroupsElsewhere(process, id).length === 0) return false;
    // What is exec'ed comes from outside, with the cgroups of what started it where the engine gives it none.
    const seen = new Set<number>();
    let starter = processes.get(process.ppid);
    while (starter !== undefined && !seen.has(starter.pid) && this.#words.get(starter.pid)?.container === id) {
      seen.add(starter.pid);
      starter = processes.get(starter.ppid);
    }
    const usual = new Set(
      [init, starter].flatMap((each) => (each === undefined ? [] : [each.cgroup, ...each.otherCgroups])),
    );
    return cgroupsElsewhere(process, id).some((path) => !usual.has(path));
  }

  /** True where the container has a cgroup that bears its id and this process is not below it. */
  #isElsewhere(process: Facts, id: string): boolean {
    // The kernel shows a zombie at the root of version 1, wherever it was.
    if (process.cgroup === null || process.state === 'Z') return false;
    const init = this.#initOf.get(id);
    if (init?.pid === process.pid) return this.#words.get(process.pid)?.container !== null;
    return init !== undefined && this.#words.get(init.pid)?.container === id;
  }
}

/** Whose each process is. Near linear in processes and containers. */
export function assignContainers(facts: OwnershipFacts): {
  /** By pid: processes of containers, and those that only claim to be. */
  readonly owners: ReadonlyMap<number, Owned>;
  /** Containers of which the engine names a process of another container as the init. */
  readonly misnamed: readonly Container[];
  /** Pids of the processes that watch containers: their shims, their conmons. */
  readonly watchers: readonly number[];
} {
  const ownership = new Ownership(facts);
  const owners = new Map<number, Owned>();
  for (const process of facts.processes.values()) {
    const owned = ownership.of(process);
    if (owned.belongs !== null) owners.set(process.pid, owned);
  }
  return { owners, misnamed: ownership.misnamed, watchers: ownership.watchers() };
}
