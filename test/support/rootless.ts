import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import {
  chmod,
  chown,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `startRootless` needs of the machine: for `describeWith`. */
export const ROOTLESS_NEEDS = {
  linux: true,
  root: true,
  programs: ['rootlesskit', 'newuidmap', 'dockerd', 'docker', 'podman', 'setpriv', 'unshare', 'tar'],
  files: ['/bin/busybox', 'resources/probe/linux-amd64/bulkhead-probe'],
} as const;

/** An engine that runs as an ordinary user, in a user namespace of its own. */
export interface RootlessEngine {
  readonly host: string;
  /** busybox with `sh` and `sleep`. */
  readonly image: string;
  /** A command of the engine's command line, as that user. */
  cli(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

const UID = 64_321;
const USER = 'bulkhead-rootless';
/** Limits that need no CAP_SYS_RESOURCE, and nothing that needs systemd. */
const CONTAINERS = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

/** Ends whatever the user still has: Podman leaves a process that only holds its namespaces, and conmon its containers. */
async function endAll(): Promise<void> {
  for (const name of await readdir('/proc')) {
    const owner = /^\d+$/.test(name) ? await stat(`/proc/${name}`).catch(() => null) : null;
    if (owner?.uid !== UID) continue;
    try {
      process.kill(Number(name), 'SIGKILL');
    } catch {
      // It has ended by itself.
    }
  }
}

/** What an engine whose users publish ports needs besides: the network that RootlessKit makes mostly. */
export const SLIRP_NEEDS = {
  ...ROOTLESS_NEEDS,
  programs: [...ROOTLESS_NEEDS.programs, 'slirp4netns', 'rootlesskit-docker-proxy', 'iptables'],
  files: [...ROOTLESS_NEEDS.files, '/dev/net/tun'],
} as const;

/**
 * Starts dockerd or Podman's service without root. The user exists only in a mount namespace of the engine's own: the
 * machine's list of users is not touched.
 */
export async function startRootless(
  kind: 'docker' | 'podman',
  { slirp = false }: { readonly slirp?: boolean } = {},
): Promise<RootlessEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-rootless-'));
  await chmod(folder, 0o755);
  const home = join(folder, 'home');
  const runtime = join(folder, 'run');
  const socket = join(runtime, 'engine.sock');
  for (const own of [home, runtime]) {
    await mkdir(own);
    await chown(own, UID, UID);
  }
  await writeFile(
    join(folder, 'passwd'),
    `${await readFile('/etc/passwd', 'utf8')}${USER}:x:${UID}:${UID}::${home}:/bin/sh\n`,
  );
  await writeFile(join(folder, 'subid'), `${USER}:300000:65536\n`);
  await writeFile(join(folder, 'containers.conf'), CONTAINERS);
  const env = [
    ...['-i', `HOME=${home}`, `XDG_RUNTIME_DIR=${runtime}`, `CONTAINERS_CONF=${join(folder, 'containers.conf')}`],
    'PATH=/usr/local/sbin:/usr/sbin:/sbin:/usr/bin:/bin',
  ];
  // Anybody may open it on most machines.
  const tun = slirp ? 'mknod -m 666 "$0/tun" c 10 200; mount --bind "$0/tun" /dev/net/tun; ' : '';
  const enter = `${tun}for pair in passwd:/etc/passwd subid:/etc/subuid subid:/etc/subgid; do mount --bind "$0/\${pair%%:*}" "\${pair#*:}"; done; cd /; exec "$@"`;
  const asUser = (...command: string[]) => [
    ...['--mount', 'sh', '-ec', enter, folder],
    ...['setpriv', `--reuid=${UID}`, `--regid=${UID}`, '--clear-groups', 'env', ...env, ...command],
  ];
  const podman = ['podman', '--storage-driver', 'vfs'];
  // Its network is its own either way. As dockerd-rootless.sh has it, where ports are to be published.
  const network = slirp
    ? ['--net=slirp4netns', '--mtu=1500', '--disable-host-loopback', '--port-driver=builtin', '--propagation=rslave']
    : ['--net=host'];
  const own = slirp ? '' : 'unshare --net ';
  const dockerd = [
    ...['rootlesskit', `--state-dir=${join(runtime, 'kit')}`, ...network, '--copy-up=/etc', '--copy-up=/run'],
    ...['sh', '-c', `rm -rf /run/docker /run/containerd /run/xtables.lock; exec ${own}"$@"`, 'sh'],
    ...['dockerd', '--rootless', `--host=unix://${socket}`, '--storage-driver=vfs'],
    ...(slirp
      ? ['--userland-proxy-path=/usr/bin/rootlesskit-docker-proxy']
      : ['--iptables=false', '--ip6tables=false', '--bridge=none']),
    ...[
      `--data-root=${join(home, 'data')}`,
      `--exec-root=${join(runtime, 'exec')}`,
      `--pidfile=${join(runtime, 'pid')}`,
    ],
  ];
  const service = [...podman, 'system', 'service', '--time=0', `unix://${socket}`];
  const log = join(folder, 'log');
  const output = openSync(log, 'a');
  const engine = spawn('unshare', asUser(...(kind === 'docker' ? dockerd : service)), {
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise((resolve) => engine.once('exit', resolve));
  const cli: RootlessEngine['cli'] = async (...args) => {
    const { stdout } =
      kind === 'docker'
        ? await run('docker', ['--host', `unix://${socket}`, ...args])
        : await run('unshare', asUser(...podman, ...args));
    return stdout.replace(/\n$/, '');
  };

  async function stop(): Promise<void> {
    const all = await cli('ps', '-aq').catch(() => '');
    for (const id of all.split('\n').filter((each) => each !== '')) {
      await cli('rm', '-f', ...(kind === 'podman' ? ['--time=0'] : []), id).catch(() => '');
    }
    engine.kill('SIGTERM');
    const timer = setTimeout(() => engine.kill('SIGKILL'), 15_000);
    await ended;
    clearTimeout(timer);
    await endAll();
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  try {
    const root = join(folder, 'image');
    await mkdir(join(root, 'bin'), { recursive: true });
    await copyFile('/bin/busybox', join(root, 'bin/busybox'));
    for (const applet of ['sh', 'sleep', 'id', 'httpd', 'nc']) await symlink('busybox', join(root, 'bin', applet));
    const tar = join(folder, 'image.tar');
    await run('tar', ['-C', root, '-cf', tar, '.']);
    await chmod(tar, 0o644);
    for (let attempt = 0; ; attempt++) {
      const answers = await run('docker', ['--host', `unix://${socket}`, 'version']).then(
        () => true,
        () => false,
      );
      if (answers) break;
      if (attempt >= 100 || engine.exitCode !== null) {
        throw new Error(`the rootless engine did not start:\n${(await readFile(log, 'utf8')).slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    await cli('import', tar, 'localhost/bulkhead-test:1');
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: `unix://${socket}`, image: 'localhost/bulkhead-test:1', cli, stop };
}
