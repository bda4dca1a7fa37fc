import type { Container } from './snapshot.ts';

/** What containers belong to by their labels: a compose project, or a pod of Kubernetes. */
export interface ContainerGroup {
  readonly key: string;
  readonly type: 'pod' | 'compose';
  readonly label: string;
}

export function containerGroup({ labels }: Container): ContainerGroup | null {
  const pod = labels['io.kubernetes.pod.name'];
  if (pod !== undefined) {
    const space = labels['io.kubernetes.pod.namespace'] ?? '';
    return { key: `pod:${JSON.stringify([space, pod])}`, type: 'pod', label: space === '' ? pod : `${space}/${pod}` };
  }
  const project = labels['com.docker.compose.project'];
  return project === undefined ? null : { key: `compose:${project}`, type: 'compose', label: project };
}
