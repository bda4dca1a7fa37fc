import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { debianMirror } from '../../scripts/vm/image.mjs';

const run = promisify(execFile);
const OUTPUT = { maxBuffer: 64 * 1024 * 1024 };

/** What `startDebianRoot` needs of the machine: for `describeWith`. */
export const DEBIAN_ROOT_NEEDS = {
  linux: true,
  root: true,
  programs: ['debootstrap', 'Xvfb', 'unshare', 'chroot'],
} as const;

/** A program that runs in the root, with all that it starts. */
export interface RootProcess {
  /** What it and its children have printed. */
  output(): Promise<string>;
  /** Ends all of them. */
  stop(): Promise<void>;
}

/** A Debian of its own in a folder, with the least that Debian is. */
export interface DebianRoot {
  readonly folder: string;
  /** Runs a program in it to its end; gives stdout. */
  run(...command: readonly string[]): Promise<string>;
  /** Starts a program in it, on a screen of its own. */
  start(...command: readonly string[]): RootProcess;
  /** Copies a file of this machine into its /tmp, and gives the path there. */
  bring(file: string): Promise<string>;
  /** All its files, without what the package manager itself keeps of any package, ever. */
  files(): Promise<string[]>;
  stop(): Promise<void>;
}

/** Folders in which apt and dpkg write down what they did, and those of whoever used a program. */
const KEPT = ['tmp', 'root', 'proc', 'dev', 'run', 'var/log', 'var/cache', 'var/lib/apt', 'var/lib/dpkg/status-old'];

/** Mounts what a program needs, in a namespace that goes with it: nothing stays mounted when a test is killed. */
const ENTER = `
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
touch "$ROOT/usr/local/bin/node" "$ROOT/run/docker.sock"
mount --bind "$NODE" "$ROOT/usr/local/bin/node"
if [ -n "$SOCKET" ]; then mount --bind "$SOCKET" "$ROOT/run/docker.sock"; fi
exec chroot "$ROOT" "$@"
`;

/**
 * Installs Debian 12 into a temporary folder.
 * @param socket an engine's, which is at its /run/docker.sock; programs in it also have this machine's Node
 */
export async function startDebianRoot(socket: string): Promise<DebianRoot> {
  const work = await mkdtemp(join(tmpdir(), 'bulkhead-root-'));
  const folder = join(work, 'root');
  await run(
    'debootstrap',
    ['--variant=minbase', '--include=ca-certificates', 'bookworm', folder, debianMirror()],
    OUTPUT,
  );
  // A program that is installed here must start no service of this machine.
  await writeFile(join(folder, 'usr/sbin/policy-rc.d'), '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  await copyFile('/etc/resolv.conf', join(folder, 'etc/resolv.conf'));
  const environment = {
    PATH: '/usr/local/bin:/usr/bin:/usr/sbin:/bin:/sbin',
    HOME: '/root',
    LC_ALL: 'C.UTF-8',
    DEBIAN_FRONTEND: 'noninteractive',
    ROOT: folder,
    NODE: process.execPath,
    SOCKET: socket,
  };
  const inside = (command: readonly string[]) => [
    ...['--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'],
    ...['sh', '-ec', ENTER, 'enter', ...command],
  ];
  const started = new Set<ChildProcess>();
  const display = `:${100 + (process.pid % 900)}`;
  // Its socket has an abstract name too, which needs no file in the root.
  const screen = spawn('Xvfb', [display, '-screen', '0', '1440x900x24', '-nolisten', 'tcp'], { stdio: 'ignore' });

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await ended;
  }

  const runInside = async (...command: readonly string[]): Promise<string> => {
    const { stdout } = await run('unshare', inside(command), { ...OUTPUT, env: environment });
    return stdout;
  };
  await runInside('apt-get', 'update', '-q');

  return {
    folder,
    run: runInside,
    start(...command) {
      const log = join(work, `${started.size}.log`);
      const file = openSync(log, 'w');
      const child = spawn('unshare', inside(command), {
        env: { ...environment, DISPLAY: display },
        stdio: ['ignore', file, file],
      });
      closeSync(file);
      started.add(child);
      return { output: () => readFile(log, 'utf8'), stop: () => end(child) };
    },
    async bring(file) {
      await mkdir(join(folder, 'tmp'), { recursive: true });
      await copyFile(file, join(folder, 'tmp', basename(file)));
      return `/tmp/${basename(file)}`;
    },
    async files() {
      const passedOver = KEPT.flatMap((name) => ['-path', join(folder, name), '-prune', '-o']);
      const { stdout } = await run('find', [folder, ...passedOver, '-printf', '/%P\n'], OUTPUT);
      return stdout.trimEnd().split('\n').sort();
    },
    async stop() {
      await Promise.all([...started, screen].map(end));
      await rm(work, { recursive: true, force: true });
    },
  };
}
