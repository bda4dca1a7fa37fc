// What the tests need of the machine. As root on Debian it is installed, and said what and why; elsewhere it is named.
// Run by itself it prepares for all of them, so that they can run side by side: apt-get has one lock.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const arm = process.arch === 'arm64';

/** Debian package, and why the tests need it. */
const PACKAGES = [
  ['groff-base', 'checks the manual page'],
  ['gcc', 'compiles the probe'],
  ['clang-format-14', 'whether the probe looks as its .clang-format says'],
  ['libc6-dev', "the C library's headers and its static form, for the probe"],
  ...(arm
    ? []
    : [
        ['gcc-aarch64-linux-gnu', 'compiles the probe for arm64'],
        ['libc6-dev-arm64-cross', 'the C library for arm64'],
        ['qemu-user-static', 'runs the arm64 probe in tests'],
      ]),
  ['docker.io', 'a private dockerd, on which the integration tests run'],
  ['iptables', 'published ports of the private dockerd'],
  ['nftables', 'NAT rules as nftables has them'],
  ['iproute2', 'named network namespaces (`ip netns`)'],
  ['busybox-static', 'the content of the test image, so that nothing is pulled'],
  ['util-linux', 'lsns, unshare and nsenter: the oracle that the probe is compared with'],
  ['podman', 'the second engine'],
  ['uidmap', 'user namespaces for podman and userns-remap'],
  ['rootlesskit', 'a dockerd without root'],
  ['slirp4netns', 'its network of its own'],
  ['openssh-server', 'an engine reached by ssh'],
  ['openssh-client', 'an engine reached by ssh'],
  ['graphviz', 'reads the DOT files that are exported'],
  ['procps', '`ps`, with which tests look for processes left behind'],
  ['file', 'what kind of binaries the probes are'],
  ['openssl', 'certificates of an engine reached by TLS'],
  ['libxml2-utils', 'reads exported SVG, GraphML and draw.io back'],
  ['poppler-utils', 'reads exported PDF back'],
  ['fonts-droid-fallback', 'letters of Chinese and Japanese in exported PNG and PDF'],
  ['fonts-nanum', 'letters of Korean there'],
  ['fonts-symbola', 'emoji there'],
  ['chromium', 'the browser of the end-to-end tests'],
  ['zsh', 'reads the completions for it'],
  ['fish', 'reads the completions for it'],
  ['fonts-dejavu-core', 'letters in that browser'],
];

/** What the VM of `npm run test:vm` needs besides. */
export const VM_PACKAGES = [
  ['debootstrap', 'installs Debian into the VM'],
  ['e2fsprogs', "makes the VM's disk"],
  ['qemu-system-x86', 'runs the VM'],
];

/** What `npm run package` needs. */
const PACKAGING = [
  ['libarchive-tools', 'writes the zip for Windows'],
  ['rpm', 'writes and lists the rpm'],
];

/** What `npm run test:package` needs besides. */
export const PACKAGE_PACKAGES = [
  ...PACKAGING,
  ['debootstrap', 'makes the Debian into which the deb is installed'],
  ['xvfb', 'the screen on which the app is started there'],
];

/** What `npm run test:windows` needs besides. */
export const WINE_PACKAGES = [...PACKAGING, ['wine', "runs Windows' Node"], ['wine64', "runs Windows' Node"]];

function installed(name) {
  const { status, stdout } = spawnSync('dpkg-query', ['-W', '-f', `\${Status}`, name], { encoding: 'utf8' });
  return status === 0 && stdout.includes('install ok installed');
}

function apt(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env }).status === 0;
}

/** Installs what is missing where that is possible. Never fails: what stays missing is told by the tests that need it. */
export function prepareMachine(more = []) {
  const packages = [...new Map([...PACKAGES, ...more])];
  if (process.platform !== 'linux' || !existsSync('/etc/debian_version')) {
    const names = packages.map(([name]) => name).join(', ');
    console.log(
      `This is no Debian: tests skip what they lack. For all of them, the equivalents of ${names} are needed.`,
    );
    return;
  }
  const missing = packages.filter(([name]) => !installed(name));
  if (missing.length === 0) return;
  const root = process.getuid?.() === 0;
  const system = /PRETTY_NAME="?([^"\n]*)/.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'Debian';
  console.log(`${root ? 'Installing' : 'Missing, and only root may install it'} (${system}):`);
  for (const [name, reason] of missing) console.log(`  ${name}: ${reason}`);
  if (!root) {
    console.log(`As root: apt-get install --no-install-recommends ${missing.map(([name]) => name).join(' ')}`);
    return;
  }
  apt('update', '-q');
  const options = ['install', '-q', '-y', '--no-install-recommends'];
  if (apt(...options, ...missing.map(([name]) => name))) return;
  // One package that cannot be had must not take the others with it.
  for (const [name] of missing) if (!apt(...options, name)) console.log(`Could not install ${name}.`);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  prepareMachine([...VM_PACKAGES, ...PACKAGE_PACKAGES, ...WINE_PACKAGES]);
}
