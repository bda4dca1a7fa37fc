import { execFile, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What `startEngine` needs of the machine: for `describeWith`. */
export const ENGINE_NEEDS = {
  linux: true,
  root: true,
  programs: ['dockerd', 'docker', 'containerd', 'iptables', 'ip', 'tar'],
  files: ['/bin/busybox'],
} as const;

/** A real dockerd of the test's own: the machine's engine, if it has one, is never touched. */
export interface TestEngine {
  /** `unix://…` */
  readonly host: string;
  readonly socket: string;
  /** The image that it has: busybox with its applets, and a web server for the experiment. */
  readonly image: string;
  /** `docker ARGS…` on this engine; gives stdout without the last line feed. */
  docker(...args: string[]): Promise<string>;
  /** Runs a program of busybox as root where the engine's processes are: outside of all containers. Gives its stdout. */
  outside(...args: string[]): Promise<string>;
  /** Ends dockerd as a crash does; `restart` starts it again. Not in the VM. */
  crash?(): Promise<void>;
  /** Ends dockerd and starts it again on the same data. */
  restart(): Promise<void>;
  /** Removes everything: containers, bridge, data. */
  stop(): Promise<void>;
}

export const TEST_IMAGE = 'bulkhead-test:1';

/** Answers any request with the hostname, as the experiment's web server does. The port is its argument. */
const SERVER = `#!/bin/sh
trap 'exit 0' TERM
while true; do
  echo "You hit: $(hostname)" > /tmp/answer
  { printf 'HTTP/1.0 200 OK\\r\\nConnection: close\\r\\n\\r\\n'; cat /tmp/answer; } | nc -l -p "$1" > /dev/null
done
`;

/** Imports the test image through the engine's own command line: nothing is pulled. */
export async function makeImage(folder: string, docker: TestEngine['docker']): Promise<void> {
  const root = join(folder, 'image');
  for (const name of ['bin', 'tmp', 'etc', 'root']) await mkdir(join(root, name), { recursive: true });
  await copyFile('/bin/busybox', join(root, 'bin/busybox'));
  const { stdout } = await run('/bin/busybox', ['--list']);
  for (const applet of stdout.split('\n')) {
    // A link of busybox to itself would hide it.
    if (applet !== '' && applet !== 'busybox') await symlink('busybox', join(root, 'bin', applet)).catch(() => {});
  }
  await writeFile(join(root, 'bin/web'), SERVER);
  await chmod(join(root, 'bin/web'), 0o755);
  await chmod(join(root, 'tmp'), 0o1777);
  const archive = join(folder, 'image.tar');
  await run('tar', ['-C', root, '-cf', archive, '.']);
  await docker('import', archive, TEST_IMAGE);
}

const PROGRAMS = ['iptables', 'ip6tables'];

/** dockerd leaves its rules, and those of a network that was hide who asks in the next one with the same addresses. */
async function removeRules(naming: readonly string[]): Promise<void> {
  for (const program of PROGRAMS)
    for (const table of ['nat', 'filter']) {
      const { stdout } = await run(program, ['-w', '-t', table, '-S']);
      for (const rule of stdout.split('\n')) {
        const words = rule.split(' ');
        if (words[0] !== '-A' || !naming.some((name) => rule.includes(name))) continue;
        // Another engine's end may have taken the same one.
        await run(program, ['-w', '-t', table, '-D', ...words.slice(1)]).catch(() => {});
      }
    }
}

/** What becomes of packets that no rule speaks of: dockerd sets it to DROP, for IPv6 only where it is told to, and leaves it. */
async function forwardPolicies(): Promise<Map<string, string>> {
  const policies = new Map<string, string>();
  for (const program of PROGRAMS) {
    const { stdout } = await run(program, ['-w', '-S', 'FORWARD']);
    policies.set(program, /^-P FORWARD (\w+)/.exec(stdout)?.[1] ?? 'ACCEPT');
  }
  return policies;
}

const OLDER = PROGRAMS.map((program) => `${program}-legacy`);

async function olderRules(): Promise<string[]> {
  const all = OLDER.flatMap((program) => ['nat', 'filter'].map((table) => run(program, ['-w', '-t', table, '-S'])));
  return (await Promise.all(all)).flatMap(({ stdout }) => stdout.split('\n').filter((line) => line.startsWith('-A')));
}

/** Of tables that had no rule before. */
async function emptyOlderTables(): Promise<void> {
  for (const program of OLDER) {
    for (const table of ['nat', 'filter'])
      for (const what of ['-F', '-X']) await run(program, ['-w', '-t', table, what]);
    await run(program, ['-w', '-P', 'FORWARD', 'ACCEPT']);
  }
}

/**
 * Starts a private dockerd in a temporary folder, with a bridge of its own for published ports.
 * @param options.args more arguments for dockerd, for example `--userns-remap=default`
 * @param options.legacy its rules are those of the older iptables, and not of nftables
 */
export async function startEngine(
  options: { readonly args?: readonly string[]; readonly legacy?: boolean } = {},
): Promise<TestEngine> {
  const { legacy = false } = options;
  if (legacy && (await olderRules()).length > 0) throw new Error('The older iptables have rules already.');
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-engine-'));
  // With user namespaces the remapped root must be able to pass.
  await chmod(folder, 0o711);
  const socket = join(folder, 'docker.sock');
  const host = `unix://${socket}`;
  // Unlikely to meet another run's: the process id is unique while we live.
  const octet = process.pid % 250;
  const bridge = `bhd${process.pid % 100_000}`;
  const log = join(folder, 'log');
  const policies = await forwardPolicies();
  await run('ip', ['link', 'add', 'name', bridge, 'type', 'bridge']);
  await run('ip', ['addr', 'add', `172.29.${octet}.1/24`, 'dev', bridge]);

  const docker: TestEngine['docker'] = async (...args) => {
    const { stdout } = await run('docker', ['--host', host, ...args], { maxBuffer: 16 * 1024 * 1024 });
    return stdout.replace(/\n$/, '');
  };

  if (legacy) {
    await mkdir(join(folder, 'bin'));
    for (const name of PROGRAMS) await symlink(`/usr/sbin/${name}-legacy`, join(folder, 'bin', name));
  }
  let child = launch();
  function launch() {
    const output = openSync(log, 'a');
    const started = spawn(
      'dockerd',
      [
        ...['--host', host, '--data-root', join(folder, 'data'), '--exec-root', join(folder, 'exec')],
        ...['--pidfile', join(folder, 'pid'), '--bridge', bridge, ...(options.args ?? [])],
      ],
      {
        stdio: ['ignore', output, output],
        env: legacy ? { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}` } : process.env,
      },
    );
    closeSync(output);
    return started;
  }
  async function ready(): Promise<void> {
    for (const start = Date.now(); Date.now() - start < 60_000; ) {
      if (child.exitCode !== null) break;
      if (
        await docker('version').then(
          () => true,
          () => false,
        )
      )
        return;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
    throw new Error(`dockerd did not start:\n${(await readFile(log, 'utf8')).slice(-2_000)}`);
  }
  async function end(): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    const timer = setTimeout(() => child.kill('SIGKILL'), 20_000);
    await ended;
    clearTimeout(timer);
  }
  async function clean(): Promise<void> {
    // dockerd leaves the bridges of its networks, and with a few dozens of them no network more can be made.
    const networks = await docker('network', 'ls', '-q', '--filter', 'type=custom').catch(() => '');
    await end();
    const bridges = [bridge, ...networks.split('\n').flatMap((id) => (id === '' ? [] : [`br-${id}`]))];
    for (const each of bridges) await run('ip', ['link', 'del', each]).catch(() => {});
    await (legacy ? emptyOlderTables() : removeRules([...bridges, `172.29.${octet}.`]));
    for (const [program, policy] of policies) await run(program, ['-w', '-P', 'FORWARD', policy]);
    // dockerd leaves the namespaces of `--network=host` and `none` mounted; a mount point cannot be removed.
    const mounts = (await readFile('/proc/self/mounts', 'utf8')).split('\n').map((line) => line.split(' ')[1] ?? '');
    for (const point of mounts.reverse()) if (point.startsWith(`${folder}/`)) await run('umount', ['-l', point]);
    await rm(folder, { recursive: true, force: true });
  }

  try {
    await ready();
    await makeImage(folder, docker);
  } catch (error) {
    await clean();
    throw error;
  }
  return {
    host,
    socket,
    image: TEST_IMAGE,
    docker,
    outside: async (...args) => (await run('/bin/busybox', args)).stdout.replace(/\n$/, ''),
    async crash() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGKILL');
      await ended;
    },
    async restart() {
      await end();
      // A containerd that is just ending with its dockerd would be taken for one that runs.
      const containerd = await readFile(join(folder, 'exec/containerd/containerd.pid'), 'utf8').catch(() => '');
      for (let tries = 0; tries < 100 && containerd !== ''; tries++) {
        const gone = await readFile(`/proc/${containerd}/stat`).then(
          () => false,
          () => true,
        );
        if (gone) break;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      child = launch();
      await ready();
    },
    async stop() {
      const ids = await docker('ps', '-aq').catch(() => '');
      if (ids !== '') await docker('rm', '-f', ...ids.split('\n')).catch(() => '');
      await clean();
    },
  };
}
