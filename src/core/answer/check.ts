import { findServices } from '../services/services.ts';
import { createMemberNames } from '../sharing/describe.ts';
import type { BrokenShare, Sharing } from '../sharing/sharing.ts';
import { namespaceName } from '../snapshot/namespace-name.ts';
import type { Container, Namespace, Pin, Process, Snapshot } from '../snapshot/snapshot.ts';
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
  const there =
    target === null
      ? 'no container has that id any more'
      : other === null
        ? `${names(target)} has no process`
        : `${names(target)} (pid ${other}) is in ${namespaceOf(other) ?? 'one that cannot be read'}`;
  return {
    code: target === null || other === null ? 'owner-gone' : 'share-broken',
    severity: 'broken',
    container: name,
    text,
    evidence: `The engine declares ${declared}; pid ${own} is in ${namespaceOf(own) ?? 'one that cannot be read'}, and ${there}.`,
    cure:
      target === null
        ? `Create ${name} again with a container that exists.`
        : `${other === null ? `docker start ${names(target)} && ` : ''}docker restart ${name}`,
  };
}

function pinText(pin: Pin, processes: ReadonlyMap<number, Process>): string {
  const name = (pid: number) => `pid ${pid} (${processes.get(pid)?.comm ?? 'ended'})`;
  switch (pin.type) {
    case 'mount':
      return `it is mounted at ${pin.path}`;
    case 'thread':
      return `thread ${pin.tid} of ${name(pin.pid)} is in it`;
    case 'for_children':
      return `children of ${name(pin.pid)} will be in it`;
    default:
      return `${name(pin.pid)} has it open as descriptor ${pin.fd}`;
  }
}

function letGo(pins: readonly Pin[]): string | null {
  const mount = pins.find((pin) => pin.type === 'mount');
  if (mount?.type === 'mount') {
    const named = /^(?:\/var)?\/run\/netns\/([^/]+)$/.exec(mount.path)?.[1];
    return named === undefined ? `umount ${mount.path}` : `ip netns delete ${named}`;
  }
  const [pin] = pins;
  return pin === undefined || pin.type === 'mount' ? null : `End pid ${pin.pid}, or have it close the descriptor.`;
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
      text: `${name === null ? id : `${name.name} (${id})`} has no process and is kept alive.`,
      evidence: `No process is in it; ${pins.map((pin) => pinText(pin, processes)).join(', ')}.`,
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
        : [{ code, severity: rank, container, text: `${title}: ${text}`, evidence, cure }],
    ),
  );
}

function zombies(processes: readonly Process[], names: Names): CheckFinding[] {
  const byContainer = new Map<string | null, Process[]>();
  for (const process of processes) {
    if (process.state !== 'Z') continue;
    byContainer.set(process.container, [...(byContainer.get(process.container) ?? []), process]);
  }
  return [...byContainer].map(([id, dead]) => {
    const parents = [...new Set(dead.map(({ ppid }) => ppid))].join(', ');
    return {
      code: 'zombies',
      severity: 'notice',
      container: id === null ? null : names(id),
      text: `${dead.length === 1 ? 'One process has' : `${dead.length} processes have`} ended and nobody has asked how: ${dead.length === 1 ? 'it keeps its number' : 'they keep their numbers'} until then.`,
      evidence: `State Z of pid ${dead
        .map(({ pid }) => pid)
        .slice(0, 8)
        .join(', ')}${dead.length > 8 ? ' and more' : ''}; the parent is pid ${parents}.`,
      cure:
        id === null
          ? `The parent (pid ${parents}) must wait for them, or end.`
          : 'Run it with --init, whose process waits for all.',
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
        text: 'It ends and is started again, over and over.',
        evidence: `The engine says restarting; the last exit code was ${exitCode ?? 'not told'}, the policy is ${restartPolicy}.`,
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
      text: 'The engine could not remove it: something of it is still in use.',
      evidence: 'The engine says dead.',
      cure: `docker rm -f ${name}`,
    },
  ];
}

function leftoverHelper({ helper, name, state }: Container): CheckFinding[] {
  if (!helper || state === 'running') return [];
  return [
    {
      code: 'helper-left',
      severity: 'warning',
      container: name,
      text: 'A helper container of Bulkhead was left behind.',
      evidence: `The engine says ${state}; it bears Bulkhead’s label.`,
      cure: `docker rm -f ${name}`,
    },
  ];
}

/** Shims of this engine's containers that hold none any more. */
function lostShims(snapshot: Snapshot): CheckFinding[] {
  const known = new Set(snapshot.containers.map(({ name }) => name));
  return findServices(snapshot).flatMap(({ kind, name, processes, note }) => {
    const [shim] = processes;
    const held = /^shim of (.+)$/.exec(name)?.[1];
    if (kind !== 'shim' || shim === undefined || held === undefined || known.has(held)) return [];
    if (!note.includes('namespace moby') || snapshot.processes.some(({ ppid }) => ppid === shim.pid)) return [];
    return [
      {
        code: 'shim-left',
        severity: 'warning' as const,
        container: null,
        text: `The shim of ${held}, which the engine does not know, holds no process.`,
        evidence: `pid ${shim.pid} is ${shim.comm}, and no process has it as its parent.`,
        cure: `Look why the engine forgot it (its log), then end pid ${shim.pid}.`,
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
    ...snapshot.containers.flatMap(leftoverHelper),
    ...lostShims(snapshot),
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
