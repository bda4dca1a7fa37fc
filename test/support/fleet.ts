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

/** Of a compose project whose networks are made first: each container answers to its service's name in its network. */
const inShop = (network: string, service: string): string[] => [
  ...compose('shop', service),
  ...[`--network=shop_${network}`, `--network-alias=${service}`],
];
const listen = (where: string): string[] => ['/bin/httpd', '-f', '-p', where];

/** In the order of their start: who is joined comes first. */
const FLEET: readonly Ship[] = [
  { name: 'shop-db-1', options: inShop('backend', 'db'), command: listen('5432') },
  {
    name: 'shop-cache-1',
    options: [...inShop('backend', 'cache'), '-p', '127.0.0.1:6379:6379'],
    command: listen('6379'),
  },
  { name: 'shop-api-1', options: [...inShop('default', 'api'), '-p', '8080:8080'], command: listen('8080') },
  { name: 'shop-web-1', options: [...inShop('default', 'web'), '-p', '8000:8000'], command: ['/bin/web', '8000'] },
  { name: 'shop-worker-1', options: inShop('backend', 'worker'), command: LOOP },
  { name: 'shop-proxy-1', options: [...compose('shop', 'proxy'), '--network=container:shop-web-1'] },
  { name: 'api-debug', options: ['--network=container:shop-api-1', '--pid=container:shop-api-1'] },
  { name: 'vpn', options: ['-p', '8112:8112'], command: LOOP },
  { name: 'torrent', options: ['--network=container:vpn'], command: listen('8112') },
  { name: 'indexer', options: ['--network=container:vpn'] },
  { name: 'billing-pause', options: [...pod('billing', 'POD'), '--ipc=shareable'] },
  { name: 'billing-app', options: [...pod('billing', 'app'), ...joinPod], command: LOOP },
  { name: 'billing-envoy', options: [...pod('billing', 'envoy'), ...joinPod] },
  { name: 'node-exporter', options: ['--pid=host', '--network=host', '--uts=host'] },
  // What people ask about most: published, and nobody outside is answered.
  { name: 'registry', options: ['-p', '5000:5000'], command: listen('127.0.0.1:5000') },
  { name: 'redis', options: ['--ipc=host'] },
  { name: 'grafana' },
  { name: 'sidecar', options: ['--network=container:grafana'] },
  { name: 'backup', command: ['/bin/true'] },
];

/**
 * Starts containers as people have them: a project with two networks, one of them internal, a pod, shared and broken
 * namespaces, a port that leads nowhere, one paused, one that ended.
 */
export async function startFleet(engine: TestEngine): Promise<void> {
  const project = ['--label', 'com.docker.compose.project=shop'];
  await engine.docker('network', 'create', ...project, 'shop_default');
  await engine.docker('network', 'create', ...project, '--internal', 'shop_backend');
  for (const { name, options = [], command = ['/bin/sleep', '100000'] } of FLEET) {
    await engine.docker('run', '-d', '--name', name, ...options, engine.image, ...command);
  }
  await engine.docker('network', 'connect', '--alias', 'api', 'shop_backend', 'shop-api-1');
  await engine.docker('exec', '-d', 'shop-db-1', '/bin/sleep', '50000');
  await engine.docker('restart', '-t', '0', 'grafana');
  await engine.docker('pause', 'redis');
}
