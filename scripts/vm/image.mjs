// The hidden VM of the tests: a Debian with its own kernel and a Docker engine, as a disk image. Built once from Debian
// packages, kept outside the repository, and told apart by the hash of this recipe.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGES = [
  ...['systemd', 'systemd-sysv', 'udev', 'dbus', 'kmod', 'linux-image-cloud-amd64', 'initramfs-tools', 'zstd'],
  ...['docker.io', 'iptables', 'iproute2', 'apparmor', 'busybox-static', 'procps', 'ca-certificates'],
];

/** Where dockerd has its own root, as Docker Desktop's services have. */
const DOCKER_ROOT = 'containers/services/docker/rootfs';

const DOCKER_SERVICE = `[Unit]
Description=Docker engine in a tree of its own
After=network.target

[Service]
Type=notify
NotifyAccess=all
RootDirectory=/${DOCKER_ROOT}
MountAPIVFS=yes
BindPaths=/run /var/lib/docker /sys/fs/cgroup /sys/kernel/security
ExecStart=/usr/sbin/dockerd --host unix:///run/docker.sock --host tcp://0.0.0.0:2375 --exec-opt native.cgroupdriver=systemd
Delegate=yes
KillMode=process
LimitNOFILE=infinity
TasksMax=infinity
Restart=always
RestartSec=1

[Install]
WantedBy=multi-user.target
`;

/** The addresses that QEMU's user network gives its one guest. */
const NETWORK = `[Match]
Name=e*

[Network]
Address=10.0.2.15/24
Gateway=10.0.2.2
`;

const MASKED = [
  ...['docker.socket', 'containerd.service', 'getty@tty1.service', 'apt-daily.timer', 'apt-daily-upgrade.timer'],
];

/**
 * The Debian archive that this machine itself uses.
 * @returns {string}
 */
export function debianMirror() {
  const folder = '/etc/apt/sources.list.d';
  const files = ['/etc/apt/sources.list'];
  if (existsSync(folder)) files.push(...readdirSync(folder).map((name) => join(folder, name)));
  for (const file of files.filter((name) => /\.(list|sources)$/.test(name) && existsSync(name))) {
    const found = /^(?:URIs:|deb)\s+(?:\[[^\]]*\]\s*)?(https?:\/\/\S+)/m.exec(readFileSync(file, 'utf8'));
    if (found?.[1] !== undefined && readFileSync(file, 'utf8').includes('bookworm')) return found[1];
  }
  throw new Error('No archive of Debian 12 (bookworm) is named in /etc/apt: none can be installed into a folder.');
}

function step(text, command, args) {
  console.log(`  ${text}`);
  const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(`${command} failed:\n${`${stdout}${stderr}`.slice(-2_000)}`);
}

function configure(tree) {
  const own = join(tree, DOCKER_ROOT);
  for (const folder of ['var/lib/docker', 'proc', 'sys', 'dev', 'run', 'tmp', 'root']) {
    mkdirSync(join(own, folder), { recursive: true });
  }
  chmodSync(join(own, 'tmp'), 0o1777);
  mkdirSync(join(tree, 'var/lib/docker'), { recursive: true });
  writeFileSync(join(tree, 'etc/systemd/system/docker.service'), DOCKER_SERVICE);
  mkdirSync(join(tree, 'etc/systemd/network'), { recursive: true });
  writeFileSync(join(tree, 'etc/systemd/network/10-vm.network'), NETWORK);
  writeFileSync(join(tree, 'etc/hostname'), 'bulkhead-vm\n');
  step('enabling services', 'chroot', [tree, 'systemctl', 'enable', 'docker.service', 'systemd-networkd.service']);
  step('leaving out others', 'chroot', [tree, 'systemctl', 'mask', ...MASKED]);
  // Links instead of copies: a second tree at no cost.
  for (const name of ['usr', 'etc', 'bin', 'sbin', 'lib', 'lib64']) execFileSync('cp', ['-al', join(tree, name), own]);
  for (const name of ['var/cache/apt', 'var/lib/apt/lists']) rmSync(join(tree, name), { recursive: true, force: true });
}

/** The folder that holds `disk.img`, `kernel` and `initrd`; built when it is not there. Needs root and debootstrap. */
export function vmImage() {
  const recipe = readFileSync(fileURLToPath(import.meta.url));
  const hash = createHash('sha256').update(recipe).digest('hex').slice(0, 12);
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bulkhead');
  const folder = join(cache, `vm-${hash}`);
  if (existsSync(join(folder, 'disk.img'))) return folder;
  mkdirSync(cache, { recursive: true });
  console.log(`Building the VM in ${folder}; this happens once and takes a minute or two.`);
  const work = mkdtempSync(join(cache, 'building-'));
  const tree = join(work, 'tree');
  const done = join(work, 'done');
  try {
    const include = `--include=${PACKAGES.join(',')}`;
    step('installing Debian', 'debootstrap', ['--variant=minbase', include, 'bookworm', tree, debianMirror()]);
    configure(tree);
    mkdirSync(done);
    copyFileSync(join(tree, 'vmlinuz'), join(done, 'kernel'));
    copyFileSync(join(tree, 'initrd.img'), join(done, 'initrd'));
    step('making the disk', 'mke2fs', ['-q', '-t', 'ext4', '-d', tree, join(done, 'disk.img'), '4G']);
    for (const name of readdirSync(cache)) {
      if (name.startsWith('vm-')) rmSync(join(cache, name), { recursive: true, force: true });
    }
    // Whole or not at all: an interrupted build leaves nothing that looks finished.
    renameSync(done, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return folder;
}
