import type { NamespaceId } from '../snapshot/namespace.ts';
import type { Container, Engine, Namespace, Problem, Process } from '../snapshot/snapshot.ts';
import type { EndFrame, FrameOrProblem, HostFrame, NamespaceFrame, ProcessFrame } from './frames.ts';

/** The container that each process belongs to is decided by `assemble`, when both sides are known. */
export type ProcessFacts = Omit<Process, 'container' | 'belongs'>;
export type NamespaceFacts = Omit<Namespace, 'pids'>;

/** What probe and engine have told so far. Owned by one session; everything made from it is immutable. */
export interface Facts {
  probeVersion: string;
  host: HostFrame | null;
  end: EndFrame | null;
  /** Problems of the decoder, by code; the probe's own come with its `end`. */
  problems: Map<string, Problem>;
  processes: Map<number, ProcessFacts>;
  namespaces: Map<NamespaceId, NamespaceFacts>;
  /** The boot id of the machine that the app runs on; null where that is no Linux. */
  ownBootId: string | null;
  engine: Engine | null;
  containers: Map<string, Container>;
  /** The record that each process had in the last snapshot: what did not change keeps its identity, for the diff. */
  shown: WeakMap<ProcessFacts, Process>;
}

export function createFacts(ownBootId: string | null = null): Facts {
  return {
    ownBootId,
    probeVersion: '',
    host: null,
    end: null,
    problems: new Map(),
    processes: new Map(),
    namespaces: new Map(),
    engine: null,
    containers: new Map(),
    shown: new WeakMap(),
  };
}

function processFacts(frame: ProcessFrame): ProcessFacts {
  return {
    pid: frame.pid,
    startTime: frame.startTime,
    ppid: frame.ppid,
    comm: frame.comm,
    argv: frame.argv,
    argvTruncated: frame.argvTruncated ?? false,
    uid: frame.uid[1] ?? 0,
    gid: frame.gid[1] ?? 0,
    nsPids: frame.nsPids,
    state: frame.state,
    threads: frame.threads,
    kernelThread: frame.kernelThread ?? false,
    cgroup: frame.cgroup,
    otherCgroups: frame.otherCgroups ?? [],
    root: frame.root,
    capabilities:
      frame.caps === null
        ? null
        : {
            inheritable: frame.caps.inh,
            permitted: frame.caps.prm,
            effective: frame.caps.eff,
            bounding: frame.caps.bnd,
            ambient: frame.caps.amb,
          },
    seccomp: frame.seccomp,
    noNewPrivs: frame.noNewPrivs,
    namespaces: frame.namespaces,
    unreadable: frame.unreadable ?? false,
    threadNamespaces: frame.threadNamespaces ?? [],
  };
}

function namespaceFacts({ t: _, ...facts }: NamespaceFrame): NamespaceFacts {
  return facts;
}

/** Takes in one frame. A new `hello` means a new probe: what an earlier one told of processes is dropped. */
export function applyProbeFrame(facts: Facts, frame: FrameOrProblem): void {
  switch (frame.t) {
    case 'hello':
      facts.probeVersion = frame.version;
      facts.processes.clear();
      facts.namespaces.clear();
      facts.problems.clear();
      facts.end = null;
      break;
    case 'host':
      facts.host = frame;
      break;
    case 'process':
      facts.processes.set(frame.pid, processFacts(frame));
      break;
    case 'namespace':
      facts.namespaces.set(frame.id, namespaceFacts(frame));
      break;
    case 'process-gone':
      // The pid may already be another process's.
      if (facts.processes.get(frame.pid)?.startTime === frame.startTime) facts.processes.delete(frame.pid);
      break;
    case 'namespace-gone':
      facts.namespaces.delete(frame.id);
      break;
    case 'end':
      facts.end = frame;
      break;
    case 'problem': {
      const known = facts.problems.get(frame.problem.code);
      const count = (known?.count ?? 0) + frame.problem.count;
      facts.problems.set(frame.problem.code, { ...frame.problem, count });
      break;
    }
    case 'reply':
      break;
  }
}

export function setEngine(facts: Facts, engine: Engine | null): void {
  facts.engine = engine;
}

export function setContainers(facts: Facts, containers: readonly Container[]): void {
  facts.containers = new Map(containers.map((container) => [container.id, container]));
}

export function upsertContainer(facts: Facts, container: Container): void {
  facts.containers.set(container.id, container);
}

export function removeContainer(facts: Facts, id: string): void {
  facts.containers.delete(id);
}
