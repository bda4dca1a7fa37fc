import type { NamespaceKind } from '../snapshot/namespace.ts';
import type { Container, Engine } from '../snapshot/snapshot.ts';
import { commas, t } from '../words/words.ts';
import { flagForHost, flagToJoin, OPTION } from './flags.ts';
import { modeOf } from './members.ts';
import type { Cause } from './sharing.ts';

/** The host in a namespace: `engine` names the processes of a rootless engine that stand there instead of the machine. */
export function hostItself(engine: readonly string[]): Cause {
  const text =
    engine.length === 0
      ? t("the host's own namespace")
      : t("the rootless engine's own: {processes}", { processes: commas(engine) });
  return { code: 'host-itself', text, flag: null };
}

export const joined = (): Cause => ({
  code: 'joined-at-run-time',
  text: t('joined at run time (setns): no setting of the container explains it'),
  flag: null,
});

/** What is said where the kernel shows a share and nothing that is known can tell how it came about. */
const unexplained = (): Cause => ({
  code: 'unknown',
  text: t('not known: the engine does not tell this container’s settings'),
  flag: null,
});

/** Podman tells every setting of Docker's API but this one, which has `container:` and paths there as the others have. */
const untold = (): Cause => ({
  code: 'unknown',
  text: t('not known: the engine does not tell what {option} was', { option: OPTION.cgroup ?? '' }),
  flag: null,
});

export const owner = (): Cause => ({
  code: 'owner',
  text: t('made for this container; others joined it'),
  flag: null,
});

/** What a cause is judged by. */
export interface Membership {
  readonly container: Container;
  readonly kind: NamespaceKind;
  readonly withHost: boolean;
  /** The container named by the mode of this kind, when it is in the same namespace. */
  readonly target: Container | null;
  /** Whether another member names this container in its mode, or, where no mode tells, it was there first. */
  readonly named: boolean;
  /** A container that this one joined in another kind and whose user namespace came along. */
  readonly carrier: { readonly container: Container; readonly kind: NamespaceKind } | null;
  readonly engine: Engine | null;
}

/** A Kubernetes pod as people call it, `namespace/name`, or its uid where no label names it; null outside pods. */
export function podOf({ labels }: Container): string | null {
  const name = labels['io.kubernetes.pod.name'] ?? labels['io.kubernetes.pod.uid'];
  if (name === undefined) return null;
  const space = labels['io.kubernetes.pod.namespace'] ?? '';
  return space === '' ? name : `${space}/${name}`;
}

/** The container that a pod's namespaces are made for. Sources: kubelet's dockershim, cri-containerd, CRI-O. */
function isSandbox({ labels }: Container): boolean {
  return (
    labels['io.kubernetes.docker.type'] === 'podsandbox' ||
    labels['io.cri-containerd.kind'] === 'sandbox' ||
    labels['io.kubernetes.container.name'] === 'POD'
  );
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
  // Docker has no flag for some kinds; Podman does.
  const option = OPTION[kind];
  const text = flag ?? (option === null ? `container:${target.name}` : `${option}=container:${target.name}`);
  return { code: 'container-mode', text, flag };
}

/** A namespace that was given by the path of its file: Podman's `--network=ns:/run/netns/blue`. */
export function pathCause(container: Container, kind: NamespaceKind): Cause | null {
  const mode = modeOf(container, kind);
  const option = OPTION[kind];
  if (option === null || !mode.startsWith('ns:')) return null;
  const flag = `${option}=${mode}`;
  return { code: 'path-mode', text: flag, flag };
}

function hostCause(container: Container, kind: NamespaceKind, engine: Engine | null): Cause | null {
  const flag = flagForHost(kind);
  const mode = modeOf(container, kind);
  if (kind === 'cgroup' && engine?.cgroupVersion === '1') {
    return { code: 'engine-default', text: t('engine default on cgroup v1'), flag };
  }
  if (mode === 'host' && flag !== null) return { code: 'host-mode', text: flag, flag };
  if (kind === 'user' && engine?.rootless === true) {
    return { code: 'engine-default', text: t('rootless engine: containers are in its user namespace'), flag: null };
  }
  if (kind === 'user') return { code: 'engine-default', text: t('engine default: no user namespace of its own'), flag };
  if (kind === 'time') return { code: 'engine-default', text: t('engine default: no time namespace of its own'), flag };
  if (kind === 'cgroup' && mode === '') return { code: 'engine-default', text: t('engine default'), flag };
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
  const byPath = pathCause(container, kind);
  if (byPath !== null) return byPath;
  if (named) return owner();
  const pod = podOf(container);
  if (pod !== null && isSandbox(container)) {
    return {
      code: 'owner',
      text: t('the sandbox of Kubernetes pod {pod}, made for its containers', { pod }),
      flag: null,
      pod,
    };
  }
  if (pod !== null) return { code: 'pod', text: t('Kubernetes pod {pod}', { pod }), flag: null, pod };
  if (carrier !== null) {
    const flag = flagToJoin(carrier.kind, carrier.container.name);
    const setting = flag ?? modeOf(container, carrier.kind);
    return { code: 'container-mode', text: t('{setting} brings the user namespace along', { setting }), flag };
  }
  // Podman's --userns=auto, keep-id and nomap make one; containers of the same settings may be given the same.
  const mode = modeOf(container, kind);
  if (kind === 'user' && mode !== '' && mode !== 'host') {
    return { code: 'user-mode', text: `--userns=${mode}`, flag: `--userns=${mode}` };
  }
  if (engine?.rootless === true) {
    return { code: 'engine-default', text: t('rootless engine: everything runs in its namespaces'), flag: null };
  }
  if (Object.values(container.modes).every((each) => each === '')) return unexplained();
  if (kind === 'cgroup' && mode === '') return untold();
  return joined();
}
