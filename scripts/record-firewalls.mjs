// `npm run record:firewalls`, as root on Debian: records what firewall managers really write into test/fixtures/firewalls. Each runs in a Debian of its own with namespaces of its own: nothing of this machine changes.
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { debianMirror } from './vm/image.mjs';

const PACKAGES = ['ufw', 'firewalld', 'netavark', 'dbus', 'nftables', 'iptables', 'iproute2', 'python3'];

/** A machine with one link to others and one bridge of containers. */
const MACHINE = `
mount -t proc proc "$ROOT/proc"
mount --rbind /dev "$ROOT/dev"
mount -t tmpfs tmpfs "$ROOT/run"
ip link set lo up
ip link add eth0 type veth peer name far0
ip link add docker0 type bridge
ip addr add 192.0.2.2/24 dev eth0
ip addr add 172.17.0.1/16 dev docker0
for link in eth0 far0 docker0; do ip link set "$link" up; done
exec chroot "$ROOT" /bin/sh -eu
`;

const FIREWALLD = `
mkdir -p /run/dbus
dbus-daemon --system --fork
firewalld --nofork --nopid > /run/log 2>&1 &
for attempt in $(seq 100); do firewall-cmd --state > /dev/null 2>&1 && break; sleep 0.2; done
add() { firewall-cmd "$@" > /dev/null; }
add --zone=public --add-interface=eth0
add --zone=trusted --add-interface=docker0
add --zone=public --add-service=http
add --zone=public --add-port=8443/tcp
add --zone=public --add-forward-port=port=8080:proto=tcp:toport=80:toaddr=172.17.0.2
add --zone=public --add-forward-port=port=5555:proto=udp:toport=6666
add --zone=public --add-masquerade
add --zone=public --add-rich-rule='rule family="ipv4" source address="198.51.100.0/24" port port="2222" protocol="tcp" drop'
nft -s list ruleset
`;

const UFW = `
export PATH=/usr/sbin:/usr/bin:/sbin:/bin
cat > /run/nat <<'END'
*nat
:PREROUTING ACCEPT [0:0]
-A PREROUTING -i eth0 -p tcp --dport 8443 -j DNAT --to-destination 172.17.0.2:443
COMMIT
END
cat /run/nat /etc/ufw/before.rules > /run/before
cp /run/before /etc/ufw/before.rules
ufw allow 22/tcp > /dev/null
ufw limit 2222/tcp > /dev/null
ufw allow from 198.51.100.0/24 to any port 9000:9010 proto udp > /dev/null
ufw deny proto tcp from any to any port 25,465 > /dev/null
ufw route allow in on eth0 out on docker0 to 172.17.0.2 port 443 proto tcp > /dev/null
ufw --force enable > /dev/null
iptables-save
`;

const NETAVARK = `
ip netns add guest
echo '{
  "container_id": "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9", "container_name": "web",
  "port_mappings": [
    {"container_port": 80, "host_ip": "", "host_port": 8080, "protocol": "tcp", "range": 1},
    {"container_port": 5300, "host_ip": "127.0.0.9", "host_port": 5300, "protocol": "udp", "range": 11}
  ],
  "networks": {"podman": {"static_ips": ["10.88.0.4"], "interface_name": "eth0"}},
  "network_info": {"podman": {
    "name": "podman", "id": "2f259bab93aaaaa2542ba43ef33eb990d0999ee1b9924b557b7be53c0b7a1bb9", "driver": "bridge",
    "network_interface": "podman0", "subnets": [{"subnet": "10.88.0.0/16", "gateway": "10.88.0.1"}],
    "ipv6_enabled": false, "internal": false, "dns_enabled": false, "ipam_options": {"driver": "host-local"}
  }}
}' > /run/container
/usr/lib/podman/netavark --file /run/container setup /run/netns/guest > /run/log
iptables-save
`;

const RECORDINGS = { 'firewalld.nft': FIREWALLD, 'ufw.iptables': UFW, 'netavark.iptables': NETAVARK };

const work = mkdtempSync(join(tmpdir(), 'bulkhead-firewalls-'));
const root = join(work, 'root');
const target = fileURLToPath(new URL('../test/fixtures/firewalls/', import.meta.url));
try {
  console.log('Installing Debian into a temporary folder; this takes a minute.');
  // Its last step fails where a package wants to start a service: what is needed is there then.
  const include = `--include=${PACKAGES.join(',')}`;
  spawnSync('debootstrap', ['--variant=minbase', include, 'bookworm', root, debianMirror()], { stdio: 'ignore' });
  const versions = execFileSync('chroot', [root, 'dpkg-query', '-W', 'ufw', 'firewalld', 'netavark'], {
    encoding: 'utf8',
  });
  mkdirSync(target, { recursive: true });
  for (const [file, script] of Object.entries(RECORDINGS)) {
    const name = file.split('.')[0] ?? '';
    const apart = ['--net', '--mount', '--pid', '--fork', '--kill-child', '--propagation', 'private'];
    const env = { PATH: process.env.PATH, ROOT: root, LC_ALL: 'C.UTF-8' };
    const made = execFileSync('unshare', [...apart, 'sh', '-ec', MACHINE], { input: script, env, encoding: 'utf8' });
    const version = versions
      .split('\n')
      .find((line) => line.startsWith(name))
      ?.replace('\t', ' ');
    // Counters and times are not its rules.
    const rules = made.replace(/^# .*\n/gm, '').replace(/\[\d+:\d+\]/g, '[0:0]');
    writeFileSync(join(target, file), `# ${version} of Debian 12, by npm run record:firewalls\n${rules}`);
    console.log(`  ${file}: ${rules.split('\n').length} lines`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}
