import type { NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Engine } from '../snapshot/snapshot.ts';
import { flagForHost, flagToJoin } from './flags.ts';
import { modeOf } from './members.ts';
import type { Cause } from './sharing.ts';

export const HOST_ITSELF: Cause = { code: 'host-itself', text: "the host's own namespace", flag: null };

export const JOINED: Cause = {
  code: 'joined-at-run-time',
  text: 'joined at run time (setns): no setting of the container explains it',
  flag: null,
};

/** What a cause is judged by. */
export interface Membership {
  readonly container: Container;
  readonly kind: NamespaceKind;
  readonly withHost: boolean;
  /** The container named by the mode of this kind, when it is in the same namespace. */
  readonly target: Container | null;
  /** Whether another member names this container in its mode. */
  readonly named: boolean;
  /** A container that this one joined in another kind and whose user namespace came along. */
  readonly carrier: { readonly container: Container; readonly kind: NamespaceKind } | null;
  readonly engine: Engine | null;
}

const POD_LABELS = ['io.kubernetes.pod.uid', 'io.kubernetes.pod.name'];

/** A key that all containers of one Kubernetes pod have in common; null outside pods. */
export function podOf(container: Container): string | null {
  const label = POD_LABELS.find((name) => container.labels[name] !== undefined);
  if (label === undefined) return null;
  return `${container.labels['io.kubernetes.pod.namespace'] ?? ''}/${container.labels[label] ?? ''}`;
}

function composeService(container: Container): { project: string; service: string } | null {
  const project = container.labels['com.docker.compose.project'];
  const service = container.labels['com.docker.compose.service'];
  return project === undefined || service === undefined ? null : { project, service };
}

const COMPOSE_KEY: Partial<Record<NamespaceKind, string>> = { net: 'network_mode', pid: 'pid', ipc: 'ipc' };

function joinCause(container: Container, kind: NamespaceKind, target: Container): Cause {
  const flag = flagToJoin(kind, target.name);
  const own = composeService(container);
  const other = composeService(target);
  const key = COMPOSE_KEY[kind];
  if (own !== null && other !== null && own.project === other.project && key !== undefined) {
    return { code: 'compose', text: `compose ${own.project}: ${key}: service:${other.service}`, flag };
  }
  return { code: 'container-mode', text: flag ?? `container:${target.name}`, flag };
}

function hostCause(container: Container, kind: NamespaceKind, engine: Engine | null): Cause | null {
  const flag = flagForHost(kind);
  const mode = modeOf(container, kind);
  if (kind === 'cgroup' && engine?.cgroupVersion === '1') {
    return { code: 'engine-default', text: 'engine default on cgroup v1', flag };
  }
  if (mode === 'host' && flag !== null) return { code: 'host-mode', text: flag, flag };
  if (kind === 'user') return { code: 'engine-default', text: 'engine default: no user namespace of its own', flag };
  if (kind === 'time') return { code: 'engine-default', text: 'engine default: no time namespace of its own', flag };
  if (kind === 'cgroup' && mode === '') return { code: 'engine-default', text: 'engine default', flag };
  return null;
}

/** Why a container is in a namespace with others. */
export function causeOf(membership: Membership): Cause {
  const { container, kind, withHost, target, named, carrier, engine } = membership;
  if (target !== null) return joinCause(container, kind, target);
  if (withHost) {
    const cause = hostCause(container, kind, engine);
    if (cause !== null) return cause;
  }
  if (podOf(container) !== null) return { code: 'pod', text: `Kubernetes pod ${podOf(container)}`, flag: null };
  if (named) return { code: 'owner', text: 'made for this container; others joined it', flag: null };
  if (carrier !== null) {
    const flag = flagToJoin(carrier.kind, carrier.container.name);
    return { code: 'container-mode', text: `${flag ?? 'its mode'} brings the user namespace along`, flag };
  }
  if (engine?.rootless === true) {
    return { code: 'engine-default', text: 'rootless engine: everything runs in its namespaces', flag: null };
  }
  return JOINED;
}
