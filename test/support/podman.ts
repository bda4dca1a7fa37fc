import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `startPodman` needs of the machine: for `describeWith`. */
export const PODMAN_NEEDS = {
  linux: true,
  root: true,
  programs: ['podman', 'tar'],
  files: ['/bin/busybox'],
} as const;

/** A real Podman with its Docker-compatible service, on storage of the test's own. */
export interface TestPodman {
  readonly host: string;
  readonly socket: string;
  /** busybox with `sh` and `sleep`. */
  readonly image: string;
  /** `podman ARGS…`; gives stdout without the last line feed. */
  podman(...args: string[]): Promise<string>;
  stop(): Promise<void>;
}

/** Limits that need no CAP_SYS_RESOURCE, which containers of CI lack, and nothing that needs systemd. */
const CONFIG = `[containers]
default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
`;

function answers(socketPath: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ socketPath, path: '/_ping', agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on('error', () => resolve(false));
  });
}

export async function startPodman(): Promise<TestPodman> {
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-podman-'));
  const socket = join(folder, 'podman.sock');
  const image = 'localhost/bulkhead-test:1';
  const config = join(folder, 'containers.conf');
  await writeFile(config, CONFIG);
  const env = { ...process.env, CONTAINERS_CONF: config };
  const storage = [
    ...['--root', join(folder, 'root'), '--runroot', join(folder, 'run'), '--tmpdir', join(folder, 'tmp')],
    ...['--storage-driver', 'vfs'],
  ];
  const podman: TestPodman['podman'] = async (...args) => {
    const { stdout } = await run('podman', [...storage, ...args], { env });
    return stdout.replace(/\n$/, '');
  };
  const log = join(folder, 'log');
  const output = openSync(log, 'a');
  const service = spawn('podman', [...storage, 'system', 'service', '--time=0', `unix://${socket}`], {
    env,
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise((resolve) => service.once('exit', resolve));

  async function stop(): Promise<void> {
    // Once more for those that others needed.
    for (let round = 0; round < 2; round++) await podman('rm', '-f', '--all', '--time', '0').catch(() => '');
    service.kill('SIGTERM');
    const timer = setTimeout(() => service.kill('SIGKILL'), 10_000);
    await ended;
    clearTimeout(timer);
    const mounts = (await readFile('/proc/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
    for (const mount of mounts.filter((path) => path.startsWith(`${folder}/`))) {
      await run('umount', ['--lazy', mount]).catch(() => '');
    }
    // What watched the containers may still be writing its last word.
    await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  }

  try {
    const root = join(folder, 'image');
    await mkdir(join(root, 'bin'), { recursive: true });
    await copyFile('/bin/busybox', join(root, 'bin/busybox'));
    for (const applet of ['sh', 'sleep']) await symlink('busybox', join(root, 'bin', applet));
    await run('tar', ['-C', root, '-cf', join(folder, 'image.tar'), '.']);
    await podman('import', join(folder, 'image.tar'), image);
    for (let attempt = 0; !(await answers(socket)); attempt++) {
      if (attempt >= 50 || service.exitCode !== null) {
        throw new Error(`podman's service did not start:\n${(await readFile(log, 'utf8')).slice(-2_000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  } catch (error) {
    await stop();
    throw error;
  }
  return { host: `unix://${socket}`, socket, image, podman, stop };
}
