import { execFile, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { vmImage } from '../../scripts/vm/image.mjs';
import { makeImage, TEST_IMAGE, type TestEngine } from './engine.ts';

const run = promisify(execFile);

/** What `startVm` needs of the machine: for `describeWith`. */
export const VM_NEEDS = {
  linux: true,
  root: true,
  programs: ['qemu-system-x86_64', 'debootstrap', 'mke2fs', 'docker', 'tar'],
  files: ['/bin/busybox'],
} as const;

/** Software emulation boots in about 35 s on a quiet machine. */
const BOOT_WITHIN = 240_000;

/** The ports of the experiment, as published by containers in the VM. */
const PUBLISHED = [8000, 8001] as const;

export interface TestVm extends TestEngine {
  /** The engine's address on the forwarded loopback port: `tcp://127.0.0.1:…`. */
  readonly tcp: string;
  /** Where a port that is published in the VM is on this machine. */
  port(published: (typeof PUBLISHED)[number]): number;
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  await new Promise((done) => server.close(done));
  return port;
}

/** A unix socket that leads to the forwarded port, as Docker Desktop's leads into its VM. */
function socketTo(path: string, port: number): Promise<Server> {
  return new Promise((done) => {
    const server = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      near.on('error', () => far.destroy());
      far.on('error', () => near.destroy());
      near.pipe(far);
      far.pipe(near);
    }).listen(path, () => done(server));
  });
}

/**
 * Boots the VM in software emulation, from a disk that is thrown away, and waits for its engine. Nothing is shared with
 * this machine but forwarded loopback ports.
 */
export async function startVm(): Promise<TestVm> {
  const image = vmImage();
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-vm-'));
  const enginePort = await freePort();
  const ports = new Map<number, number>();
  for (const published of PUBLISHED) ports.set(published, await freePort());
  const forwards = [[enginePort, 2375] as const, ...[...ports].map(([inside, outside]) => [outside, inside] as const)];
  const log = join(folder, 'console.log');
  const qemu = spawn(
    'nice',
    [
      ...['-n', '5', 'qemu-system-x86_64', '-accel', 'tcg,thread=multi', '-cpu', 'max', '-smp', '2', '-m', '2048'],
      ...['-display', 'none', '-monitor', 'none', '-serial', `file:${log}`, '-no-reboot'],
      ...['-kernel', join(image, 'kernel'), '-initrd', join(image, 'initrd')],
      ...['-append', 'root=/dev/vda rw console=ttyS0 quiet apparmor=1 security=apparmor'],
      ...['-drive', `file=${join(image, 'disk.img')},if=virtio,format=raw,snapshot=on`],
      '-netdev',
      `user,id=n${forwards.map(([outside, inside]) => `,hostfwd=tcp:127.0.0.1:${outside}-:${inside}`).join('')}`,
      ...['-device', 'virtio-net-pci,netdev=n'],
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const end = (): void => {
    qemu.kill('SIGKILL');
  };
  // A VM that outlives its tests would take a core until the machine is restarted.
  process.on('exit', end);
  const tcp = `tcp://127.0.0.1:${enginePort}`;
  const docker: TestEngine['docker'] = async (...args) => {
    const { stdout } = await run('docker', ['--host', tcp, ...args], { maxBuffer: 16 * 1024 * 1024 });
    return stdout.replace(/\n$/, '');
  };
  const ready = async (): Promise<void> => {
    for (const start = Date.now(); Date.now() - start < BOOT_WITHIN; ) {
      if (qemu.exitCode !== null) break;
      const answers = await docker('version').then(
        () => true,
        () => false,
      );
      if (answers) return;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    throw new Error(`the VM did not start:\n${(await readFile(log, 'utf8').catch(() => '')).slice(-2_000)}`);
  };
  const socket = join(folder, 'docker.sock');
  let server: Server | null = null;
  const stop = async (): Promise<void> => {
    process.off('exit', end);
    const ended = new Promise((done) => qemu.once('exit', done));
    if (qemu.exitCode === null && qemu.signalCode === null) {
      end();
      await ended;
    }
    server?.close();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await ready();
    await makeImage(folder, docker);
    server = await socketTo(socket, enginePort);
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    host: `unix://${socket}`,
    tcp,
    socket,
    image: TEST_IMAGE,
    docker,
    outside: (...args) =>
      docker('run', '--rm', '--privileged', '--pid=host', '--uts=host', '--net=host', TEST_IMAGE, 'busybox', ...args),
    port: (published) => ports.get(published) ?? 0,
    async restart() {
      const inVm = [
        '--privileged',
        '--pid=host',
        '--net=host',
        TEST_IMAGE,
        '/bin/nsenter',
        '-t',
        '1',
        '-m',
        '-i',
        '-u',
      ];
      // The answer never comes: the engine that would give it is the one that ends.
      await docker('run', '--rm', ...inVm, '/bin/systemctl', 'restart', 'docker').catch(() => '');
      await ready();
    },
    stop,
  };
}
