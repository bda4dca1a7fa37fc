import type { TestEngine } from './engine.ts';

/** A container of the fleet: `docker run -d --name NAME …options IMAGE …command`. */
interface Ship {
  readonly name: string;
  readonly options?: readonly string[];
  readonly command?: readonly string[];
}

const compose = (project: string, service: string): string[] => [
  ...['--label', `com.docker.compose.project=${project}`],
  ...['--label', `com.docker.compose.service=${service}`],
];
const pod = (name: string, container: string): string[] => [
  ...['--label', `io.kubernetes.pod.name=${name}`, '--label', 'io.kubernetes.pod.namespace=default'],
  ...['--label', `io.kubernetes.pod.uid=${name}`, '--label', `io.kubernetes.container.name=${container}`],
];
const joinPod = ['--network=container:billing-pause', '--ipc=container:billing-pause'];
const LOOP = ['/bin/sh', '-c', 'while true; do sleep 5; done'];

/** In the order of their start: who is joined comes first. */
const FLEET: readonly Ship[] = [
  { name: 'shop-db-1', options: compose('shop', 'db') },
  { name: 'shop-cache-1', options: compose('shop', 'cache') },
  { name: 'shop-api-1', options: [...compose('shop', 'api'), '-p', '8080:8080'], command: LOOP },
  { name: 'shop-web-1', options: [...compose('shop', 'web'), '-p', '8000:8000'], command: ['/bin/web', '8000'] },
  { name: 'shop-worker-1', options: compose('shop', 'worker'), command: LOOP },
  { name: 'shop-proxy-1', options: [...compose('shop', 'proxy'), '--network=container:shop-web-1'] },
  { name: 'api-debug', options: ['--network=container:shop-api-1', '--pid=container:shop-api-1'] },
  { name: 'vpn', options: ['-p', '8112:8112'], command: LOOP },
  { name: 'torrent', options: ['--network=container:vpn'] },
  { name: 'indexer', options: ['--network=container:vpn'] },
  { name: 'billing-pause', options: [...pod('billing', 'POD'), '--ipc=shareable'] },
  { name: 'billing-app', options: [...pod('billing', 'app'), ...joinPod], command: LOOP },
  { name: 'billing-envoy', options: [...pod('billing', 'envoy'), ...joinPod] },
  { name: 'node-exporter', options: ['--pid=host', '--network=host', '--uts=host'] },
  { name: 'registry' },
  { name: 'redis', options: ['--ipc=host'] },
  { name: 'grafana' },
  { name: 'sidecar', options: ['--network=container:grafana'] },
  { name: 'backup', command: ['/bin/true'] },
];

/** Starts containers as people have them: projects, a pod, shared and broken namespaces, one paused, one that ended. */
export async function startFleet(engine: TestEngine): Promise<void> {
  for (const { name, options = [], command = ['/bin/sleep', '100000'] } of FLEET) {
    await engine.docker('run', '-d', '--name', name, ...options, engine.image, ...command);
  }
  await engine.docker('exec', '-d', 'shop-db-1', '/bin/sleep', '50000');
  await engine.docker('restart', '-t', '0', 'grafana');
  await engine.docker('pause', 'redis');
}
