import { matchDeclared } from '../detail/mount-declared.ts';
import { isReplaced } from '../detail/mount-place.ts';
import { optionOf } from '../services/arguments.ts';
import { findServices } from '../services/services.ts';
import { createMemberNames } from '../sharing/describe.ts';
import type { BrokenShare, Sharing } from '../sharing/sharing.ts';
import { collectedOfKind } from '../snapshot/details.ts';
import { namespaceName } from '../snapshot/namespace-name.ts';
import type { Container, Namespace, Pin, Process, Snapshot } from '../snapshot/snapshot.ts';
import { commas, firstOf, sentences, t } from '../words/words.ts';
import { networkFindings } from './check-network.ts';
import { isolation } from './isolation.ts';
import type { IsolationCard } from './isolation-card.ts';
import { CHECK_SEVERITIES, type CheckFinding, type CheckSeverity } from './schemas.ts';

type Names = ReturnType<typeof createMemberNames>;

function brokenShare(
  snapshot: Snapshot,
  { container, kind, target, declared, text }: BrokenShare,
  names: Names,
): CheckFinding {
  const initOf = (id: string | null) => snapshot.containers.find((each) => each.id === id)?.pid ?? null;
  const [own, other] = [initOf(container), initOf(target)];
  const namespaceOf = (pid: number | null): string | null =>
    snapshot.processes.find((process) => process.pid === pid)?.namespaces[kind] ?? null;
  const name = names(container);
  const owner = target === null ? null : names(target);
  return {
    code: target === null || other === null ? 'owner-gone' : 'share-broken',
    severity: 'broken',
    container: name,
    text,
    evidence: sentences(
      t('The engine declares {declared}.', { declared }),
      own === null ? null : standsIn(own, namespaceOf(own), null),
      owner === null
        ? t('No container has that id any more.')
        : other === null
          ? t('{name} has no process.', { name: owner })
          : standsIn(other, namespaceOf(other), owner),
    ),
    cure:
      owner === null
        ? t('Create {name} again with a container that exists.', { name })
        : `${other === null ? `docker start ${owner} && ` : ''}docker restart ${name}`,
  };
}

function standsIn(pid: number, namespace: string | null, name: string | null): string {
  if (namespace === null) return t('The namespace of pid {pid} could not be read.', { pid });
  return name === null
    ? t('pid {pid} is in {namespace}.', { pid, namespace })
    : t('{name} (pid {pid}) is in {namespace}.', { name, pid, namespace });
}

function pinText(pin: Pin, processes: ReadonlyMap<number, Process>): string {
  if (pin.type === 'mount') return t('It is mounted at {path}.', { path: pin.path });
  const { pid } = pin;
  const comm = processes.get(pid)?.comm;
  const process = comm === undefined ? t('pid {pid} (ended)', { pid }) : t('pid {pid} ({comm})', { pid, comm });
  switch (pin.type) {
    case 'thread':
      return t('Thread {tid} of {process} is in it.', { tid: pin.tid, process });
    case 'for_children':
      return t('Children of {process} will be in it.', { process });
    default:
      return t('{process} has it open as descriptor {fd}.', { process, fd: pin.fd });
  }
}

function letGo(pins: readonly Pin[]): string | null {
  const mount = pins.find((pin) => pin.type === 'mount');
  if (mount?.type === 'mount') {
    const named = /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(mount.path)?.[1];
    return named === undefined ? `umount ${mount.path}` : `ip netns delete ${named}`;
  }
  const [pin] = pins;
  return pin === undefined || pin.type === 'mount'
    ? null
    : t('End pid {pid}, or have it close the descriptor.', { pid: pin.pid });
}

/** Namespaces that Docker and Podman keep for a use of their own have names there, and are no leftovers. */
const KEPT = /^(default|ingress_sbox|[0-9]-[0-9a-z]+|lb_[0-9a-z]+)$/;

function leftoverNamespace(namespace: Namespace, processes: ReadonlyMap<number, Process>): CheckFinding[] {
  const { id, kind, initial, pids, pins } = namespace;
  if (initial || pids.length > 0 || pins.length === 0 || kind === 'time') return [];
  const name = namespaceName(namespace);
  if (name !== null && KEPT.test(name.name)) return [];
  return [
    {
      code: 'namespace-held',
      // A name is given on purpose; a descriptor is mostly forgotten.
      severity: name === null ? 'warning' : 'notice',
      container: null,
      text: t('{namespace} has no process and is kept alive.', {
        namespace: name === null ? id : `${name.name} (${id})`,
      }),
      evidence: sentences(t('No process is in it.'), ...pins.map((pin) => pinText(pin, processes))),
      cure: letGo(pins),
    },
  ];
}

/** What its isolation lacks. What holds, or is not known, is nothing to mend. */
function isolationFindings(cards: readonly IsolationCard[]): CheckFinding[] {
  return cards.flatMap(({ container, lines }) =>
    lines.flatMap(({ code, rank, title, text, evidence, cure }): CheckFinding[] =>
      rank === 'holds' || rank === 'unknown'
        ? []
        : [{ code, severity: rank, container, text: t('{title}. {text}', { title, text }), evidence, cure }],
    ),
  );
}

/** Pids that a text names before it only counts them. */
const MOST_PIDS = 8;

function zombies(processes: readonly Process[], names: Names): CheckFinding[] {
  const byContainer = new Map<string | null, Process[]>();
  for (const process of processes) {
    if (process.state !== 'Z') continue;
    byContainer.set(process.container, [...(byContainer.get(process.container) ?? []), process]);
  }
  return [...byContainer].map(([id, dead]) => {
    const parents = commas([...new Set(dead.map(({ ppid }) => String(ppid)))]);
    return {
      code: 'zombies',
      severity: 'notice',
      container: id === null ? null : names(id),
      text: t(
        '{count, plural, one {A process has ended and its parent has not waited for it: it keeps its pid until then.} other {# processes have ended and their parents have not waited for them: they keep their pids until then.}}',
        { count: dead.length },
      ),
      evidence: sentences(
        t('The state is Z for pid {pids}.', {
          pids: firstOf(
            dead.map(({ pid }) => String(pid)),
            MOST_PIDS,
          ),
        }),
        t('The parent is pid {pids}.', { pids: parents }),
      ),
      cure:
        id === null
          ? t('The parent (pid {pids}) must wait for them, or end.', { pids: parents })
          : t('Run it with --init, which adds a first process that waits for all others.'),
    };
  });
}

function states({ name, state, restartPolicy, exitCode }: Container): CheckFinding[] {
  if (state === 'restarting') {
    return [
      {
        code: 'keeps-restarting',
        severity: 'broken',
        container: name,
        text: t('It ends and is started again, over and over.'),
        evidence: sentences(
          t('The engine says {setting}.', { setting: state }),
          exitCode === null
            ? t('The last exit code is not known, the restart policy is {policy}.', { policy: restartPolicy })
            : t('The last exit code was {code}, the restart policy is {policy}.', {
                code: exitCode,
                policy: restartPolicy,
              }),
        ),
        cure: `docker logs ${name}`,
      },
    ];
  }
  if (state !== 'dead') return [];
  return [
    {
      code: 'dead',
      severity: 'broken',
      container: name,
      text: t('The engine could not remove it: part of it is still in use.'),
      evidence: t('The engine says {setting}.', { setting: state }),
      cure: `docker rm -f ${name}`,
    },
  ];
}

/** Starting or removing a helper takes no longer than this, where the clocks of engine and machine agree. */
const HELPER_PASSES_MS = 20_000;

function leftoverHelper(container: Container, takenAt: string): CheckFinding[] {
  const { helper, name, state, created, finishedAt } = container;
  if (!helper || state === 'running') return [];
  const since = Date.parse(finishedAt ?? created);
  if (Date.parse(takenAt) - since < HELPER_PASSES_MS) return [];
  return [
    {
      code: 'helper-left',
      severity: 'warning',
      container: name,
      text: t('A helper container of Bulkhead was left behind.'),
      evidence: sentences(t('The engine says {setting}.', { setting: state }), t('It has Bulkhead’s label.')),
      cure: `docker rm -f ${name}`,
    },
  ];
}

/** Mounts of files and directories that are no more where they came from. */
function replacedMounts(snapshot: Snapshot): CheckFinding[] {
  const tables = collectedOfKind(snapshot, 'mnt');
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  return snapshot.containers.flatMap(({ name, pid, helper, mounts }): CheckFinding[] => {
    const table = tables.get(processes.get(pid ?? -1)?.namespaces.mnt ?? '');
    if (helper || pid === null || table === undefined) return [];
    return [...matchDeclared(table.mounts, mounts).of]
      .filter(([mount]) => isReplaced(mount))
      .map(([mount, { source }]) => ({
        code: 'mount-replaced',
        severity: 'broken',
        container: name,
        text: t(
          '{point} is still the {source} that was mounted: it was removed or replaced since, and what is there now is not visible inside.',
          { point: mount.point, source },
        ),
        evidence: t('The mount table of pid {pid} has {root} at {point}.', {
          pid: String(pid),
          root: mount.root,
          point: mount.point,
        }),
        cure: t('docker restart {name}; to see each new one, mount its directory', { name }),
      }));
  });
}

/** Shims of this engine's containers that hold none any more. */
function lostShims(snapshot: Snapshot): CheckFinding[] {
  const known = new Set(snapshot.containers.map(({ id }) => id));
  return findServices(snapshot).flatMap(({ kind, processes }) => {
    const [shim] = processes;
    if (kind !== 'shim' || shim === undefined) return [];
    const id = optionOf(shim, 'id');
    if (id === null || known.has(id) || optionOf(shim, 'namespace') !== 'moby') return [];
    if (snapshot.processes.some(({ ppid }) => ppid === shim.pid)) return [];
    const { pid, comm } = shim;
    return [
      {
        code: 'shim-left',
        severity: 'warning' as const,
        container: null,
        text: t('The shim of {id}, which the engine does not know, holds no process.', { id: id.slice(0, 12) }),
        evidence: t('pid {pid} is {comm}, and no process has it as its parent.', { pid, comm }),
        cure: t('Find out why the engine forgot it (its log), then end pid {pid}.', { pid }),
      },
    ];
  });
}

/**
 * Everything in a snapshot that is not as it should be, the worst first: shares that are declared and not in force, what
 * is kept alive by nobody's will, processes that left their container, and what its isolation lacks.
 */
export function check(snapshot: Snapshot, sharing: Sharing): CheckFinding[] {
  const names = createMemberNames(snapshot);
  const processes = new Map(snapshot.processes.map((process) => [process.pid, process]));
  const own = snapshot.containers.filter(({ helper }) => !helper);
  const findings: CheckFinding[] = [
    ...sharing.broken.map((share) => brokenShare(snapshot, share, names)),
    ...own.flatMap(states),
    ...isolationFindings(isolation(snapshot, sharing)),
    ...snapshot.namespaces.flatMap((namespace) => leftoverNamespace(namespace, processes)),
    ...zombies(snapshot.processes, names),
    ...snapshot.containers.flatMap((container) => leftoverHelper(container, snapshot.takenAt)),
    ...lostShims(snapshot),
    ...replacedMounts(snapshot),
    ...networkFindings(snapshot),
  ];
  const rank = ({ severity }: CheckFinding) => CHECK_SEVERITIES.indexOf(severity);
  const key = ({ container, code }: CheckFinding) => `${container ?? '\uffff'} ${code}`;
  return findings.sort((a, b) => rank(a) - rank(b) || (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : 0));
}

/** Those that are at least so bad. */
export function atLeast(findings: readonly CheckFinding[], severity: CheckSeverity): CheckFinding[] {
  const worst = CHECK_SEVERITIES.indexOf(severity);
  return findings.filter((finding) => CHECK_SEVERITIES.indexOf(finding.severity) <= worst);
}
