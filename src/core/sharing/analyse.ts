import { keptByKey, keptList, Made } from '../snapshot/kept.ts';
import { NAMESPACE_KINDS, type NamespaceId } from '../snapshot/namespace.ts';
import { compareContainers, sorted } from '../snapshot/order.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { atOnce, type Steps } from '../snapshot/steps.ts';
import { type Language, language } from '../words/language.ts';
import { findBroken } from './broken.ts';
import { findIsolation } from './findings.ts';
import { Incidences } from './incidences.ts';
import { memberSets } from './member-sets.ts';
import { containerProcesses, createTargetFinder } from './members.ts';
import { type Causes, sharedNamespaces } from './shared-namespaces.ts';
import type { Finding, MemberId, Sharing, StandingRow } from './sharing.ts';
import { standingsOf } from './standings.ts';

/** What a later analysis may take over besides the result itself. All of it has words. */
interface Memory {
  readonly language: Language;
  readonly causes: Causes;
  readonly findings: Made<MemberId, readonly Finding[]>;
}

const memories = new WeakMap<Sharing, Memory>();

/** Containers between two steps. */
const A_STEP = 250;

/**
 * Who shares which namespace with whom, and why. Pure and near linear in processes and members.
 * @param before of an earlier moment, as a rule the last one: the result is the same with and without it, but with it
 * only what changed since is made anew
 */
export function analyseSharing(snapshot: Snapshot, before?: Sharing): Sharing {
  return atOnce(analyseInSteps(snapshot, before));
}

/** The same, for who has something else to do in between. */
export function* analyseInSteps(snapshot: Snapshot, before?: Sharing): Steps<Sharing> {
  // In another language nothing is as it was.
  const memory = before === undefined ? undefined : memories.get(before);
  const earlier = memory?.language === language() ? before : undefined;
  const known = earlier === undefined ? undefined : memory;

  // Our own helpers are nobody's partners.
  const containers = snapshot.containers.filter(({ helper }) => !helper);
  const byId = new Map(containers.map((container) => [container.id, container]));
  const running = containerProcesses(snapshot, before?.running);
  const targetOf = createTargetFinder(snapshot.containers);
  yield;
  const incidences = new Incidences(snapshot.host.namespaces, sorted(containers, compareContainers), running);
  yield;
  const causes: Causes = {
    mnt: new Made(known?.causes.mnt),
    pid: new Made(known?.causes.pid),
    net: new Made(known?.causes.net),
    ipc: new Made(known?.causes.ipc),
    uts: new Made(known?.causes.uts),
    user: new Made(known?.causes.user),
    cgroup: new Made(known?.causes.cgroup),
    time: new Made(known?.causes.time),
  };
  const byNamespace = yield* sharedNamespaces(
    { snapshot, containers, byId, running, incidences, targetOf, causes },
    earlier?.byNamespace,
  );
  yield;
  const sets = memberSets(byNamespace.values(), byId, earlier?.sets);
  const guests = guestsIn(snapshot, incidences);
  yield;
  const standings = new Map<MemberId, StandingRow>();
  for (const [index, container] of containers.entries()) {
    const { id } = container;
    standings.set(
      id,
      standingsOf(container, running.get(id), { byNamespace, incidences }, earlier?.containers.get(id)),
    );
    if (index % A_STEP === A_STEP - 1) yield;
  }
  yield;
  const broken = keptByKey(
    earlier?.broken,
    findBroken({ ...snapshot, containers }, running, targetOf),
    ({ container, kind }) => `${kind} ${container}`,
  );
  yield;
  const findings = new Made(known?.findings);
  const found = yield* findIsolation({ ...snapshot, containers }, running, findings);
  for (const made of [...Object.values(causes), findings]) made.end();
  const sharing: Sharing = {
    running,
    containers: standings,
    byNamespace,
    sets,
    guests,
    broken,
    findings: keptList(earlier?.findings, found),
  };
  memories.set(sharing, { language: language(), causes, findings });
  return sharing;
}

/** Processes of no container that are where containers are, and the host is not. */
function guestsIn({ processes }: Snapshot, incidences: Incidences): Map<NamespaceId, number[]> {
  const guests = new Map<NamespaceId, number[]>();
  for (const { pid, container, namespaces } of processes) {
    if (container !== null) continue;
    for (const kind of NAMESPACE_KINDS) {
      const namespace = namespaces[kind];
      if (namespace === null || incidences.withHost(namespace) || incidences.size(namespace) === 0) continue;
      const pids = guests.get(namespace);
      if (pids === undefined) guests.set(namespace, [pid]);
      else pids.push(pid);
    }
  }
  return guests;
}
