import { describe, expect, it } from 'vitest';
import { container as sketch, snapshotOf } from '../snapshot/build.testing.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { desktopPath, mountPlace } from './mount-place.ts';
import { mountSections } from './mount-sections.ts';
import { parseMounts } from './texts.ts';

const ANONYMOUS = '3f'.repeat(32);
const snapshot = snapshotOf({ containers: [{ name: 'db' }, { name: 'agent' }] });
const HOST = snapshot.host.namespaces.mnt ?? '';

const ROOT =
  '600 500 0:90 / / rw,relatime - overlay overlay rw,lowerdir=/l/A:/l/B,upperdir=/var/lib/docker/overlay2/c/diff,workdir=/w\n';
const declared = (change: Partial<Container['mounts'][number]>): Container['mounts'][number] => ({
  type: 'volume',
  name: null,
  source: '',
  destination: '',
  readOnly: false,
  device: null,
  propagation: '',
  ...change,
});
const volume = (name: string, destination: string) =>
  declared({ name, source: `/var/lib/docker/volumes/${name}/_data`, destination });
const bind = (source: string, destination: string) => declared({ type: 'bind', source, destination });

/** The sections of a container with that table and those mounts; rows of the table by where they are mounted. */
function told(mountinfo: string, mounts: Container['mounts'], peers: Record<string, string[]> = {}) {
  const sections = mountSections(
    { kind: 'mnt', mounts: parseMounts(ROOT + mountinfo), peers },
    sketch('db', 7, { mounts }),
    snapshot,
  );
  const table = sections[0];
  const row = (point: string): Record<string, string> => {
    const found = table?.rows.find(([first]) => first?.trim() === point) ?? [];
    return Object.fromEntries((table?.head ?? []).map((head, index) => [head, found[index] ?? '']));
  };
  const section = (title: string) =>
    Object.fromEntries(
      (sections.find((each) => each.title === title)?.rows ?? []).map((cells) => [cells[0], cells.slice(1).join(' ')]),
    );
  return { row, section, sections };
}

describe('where the data really is', () => {
  it.each([
    [
      'a directory of a disk',
      '8:17 /srv/old\\040photos / rw - ext4 /dev/sdb1 rw',
      '/srv/old photos on /dev/sdb1 (ext4)',
    ],
    ['a whole disk', '8:17 / / rw - xfs /dev/sdb1 rw', '/ on /dev/sdb1 (xfs)'],
    [
      'an export of NFS',
      '0:61 / / rw - nfs4 198.51.100.7:/export/films rw,vers=4.1,addr=198.51.100.7',
      '198.51.100.7:/export/films (NFS 4.1)',
    ],
    ['a folder of an export', '0:61 /old / rw - nfs 198.51.100.7:/films rw,vers=3', '198.51.100.7:/films/old (NFS 3)'],
    [
      'an export whose server is an option',
      '0:61 / / rw - nfs4 :/films rw,vers=4.2,addr=198.51.100.7',
      '198.51.100.7:/films (NFS 4.2)',
    ],
    ['the same, by IPv6', '0:61 / / rw - nfs4 :/films rw,vers=4.2,addr=2001:db8::7', '[2001:db8::7]:/films (NFS 4.2)'],
    [
      'a share of Windows',
      '0:62 /team/a / rw - cifs //198.51.100.8/work rw,vers=3.1.1',
      '//198.51.100.8/work, folder /team/a (SMB 3.1.1)',
    ],
    [
      'a subvolume',
      '0:70 /photos / rw - btrfs /dev/sda2 rw,subvolid=256,subvol=/photos',
      'subvolume /photos on /dev/sda2 (btrfs)',
    ],
    [
      'a folder of one',
      '0:70 /@/srv/a / rw - btrfs /dev/sda2 rw,subvolid=256,subvol=/@',
      '/@/srv/a, in subvolume /@ on /dev/sda2 (btrfs)',
    ],
    [
      'a folder outside of subvolumes',
      '0:70 /srv / rw - btrfs /dev/sda2 rw,subvolid=5,subvol=/',
      '/srv on /dev/sda2 (btrfs)',
    ],
    ['memory with a limit', '0:63 / / rw - tmpfs tmpfs rw,size=65536k', 'tmpfs, at most 64.0 MiB'],
    ['memory without one', '0:63 / / rw - tmpfs tmpfs rw', 'tmpfs, at most half of the memory'],
    ['a file in memory', '0:24 /x.sock / rw - tmpfs tmpfs rw,size=10m', '/x.sock of tmpfs, at most 10.0 MiB'],
    ['layers', '0:90 / / rw - overlay overlay rw,lowerdir=/a:/b,upperdir=/u', '/u, above 2 layers'],
    [
      'a drive of Windows, in WSL',
      '0:50 /Users/me / rw - 9p C:\\134 rw,dirsync,aname=drvfs;path=C:\\134;uid=0,trans=fd',
      'C:\\Users\\me (your computer, by 9p)',
    ],
    [
      'a folder of a Mac',
      '0:51 /me/app / rw - fakeowner /run/host_mark/Users rw',
      '/Users/me/app (your computer, by fakeowner)',
    ],
    [
      'something else',
      '0:52 /in / rw - fuse.sshfs me@example.net:/home rw',
      '/in of me@example.net:/home (fuse.sshfs)',
    ],
    ['a file system of the kernel', '0:5 / / rw - proc proc rw', 'proc'],
  ])('%s', (_name, line, place) => {
    const [mount] = parseMounts(`1 0 ${line}\n`);
    expect(mount === undefined ? null : mountPlace(mount)).toBe(place);
  });

  it('is told beside what the engine declares, which for volumes is always a folder of its own', () => {
    const { row } = told(
      '700 600 8:17 /srv/photos /pictures rw - ext4 /dev/sdb1 rw\n701 600 0:61 / /films rw - nfs4 :/films rw,vers=4.2,addr=198.51.100.7\n',
      [volume('pictures', '/pictures'), volume('films', '/films')],
    );
    expect(row('/pictures')).toMatchObject({
      What: 'volume',
      From: '/srv/photos on /dev/sdb1 (ext4)',
      Declared: 'volume pictures',
    });
    expect(row('/films')).toMatchObject({ From: '198.51.100.7:/films (NFS 4.2)', Declared: 'volume films' });
    expect(row('/')).toMatchObject({ What: 'image', Declared: '' });
  });

  it('a volume that nobody named, inside a named one, is not the named one', () => {
    const { row, section } = told(
      `700 600 8:1 /v/pg/_data /var/lib/db rw - ext4 /dev/sda1 rw\n701 700 8:1 /v/${ANONYMOUS}/_data /var/lib/db/data rw - ext4 /dev/sda1 rw\n`,
      [volume('pg', '/var/lib/db'), volume(ANONYMOUS, '/var/lib/db/data')],
    );
    expect(row('/var/lib/db/data').What).toBe('anonymous volume');
    expect(section('Volumes inside others')).toEqual({
      '/var/lib/db/data': `What is written here goes to anonymous volume ${ANONYMOUS.slice(0, 12)}, and not to volume pg around it.`,
    });
  });

  it.each([
    ['/host_mnt/Users/me/x', '/Users/me/x'],
    ['/run/host_mark/Users/me', '/Users/me'],
    ['/run/desktop/mnt/host/c/Users/me', 'C:\\Users\\me'],
    ['/run/desktop/mnt/host/d', 'D:\\'],
    ['/host_mnt/c/Users/me', 'C:\\Users\\me'],
    ['/var/lib/docker', null],
    ['/run/desktop/mnt/host/wsl/docker-desktop-bind-mounts/Ubuntu/1', null],
  ])('%s is the user’s own %s', (path, own) => {
    expect(desktopPath(path)).toBe(own);
    const { row } = told('700 600 8:1 /x /src rw - ext4 /dev/sda1 rw\n', [bind(path, '/src')]);
    expect(row('/src').Declared).toBe(own === null ? path : `${own} (your computer)`);
  });
});

describe('a destination that is a link in the image', () => {
  const SOCKET = '710 600 0:24 /docker.sock /run/docker.sock rw - tmpfs tmpfs rw,size=800m\n';
  const NAME = '711 600 8:1 /etc/hostname /run/host/name ro - ext4 /dev/sda1 rw\n';
  const mounts = [bind('/var/run/docker.sock', '/var/run/docker.sock'), bind('/etc/hostname', '/var/run/host/name')];

  it('is found where the kernel mounted it', () => {
    const { row, sections } = told(SOCKET + NAME, mounts);
    expect(row('/run/docker.sock')).toMatchObject({
      What: 'bind',
      Declared: '/var/run/docker.sock at /var/run/docker.sock, a link in the image',
    });
    expect(row('/run/host/name')).toMatchObject({ What: 'bind' });
    expect(sections.map(({ title }) => title)).not.toContain('Declared, and not found in the table');
  });

  it('is said to be missing where nothing fits, or more than one does', () => {
    const other = '712 600 8:1 /other.sock /opt/docker.sock rw - ext4 /dev/sda1 rw\n';
    expect(told(other, mounts).section('Declared, and not found in the table')).toEqual({
      '/var/run/docker.sock': 'bind /var/run/docker.sock',
      '/var/run/host/name': 'bind /etc/hostname',
    });
    const twice = SOCKET + SOCKET.replace('710', '713').replace('/run/docker.sock', '/opt/run/docker.sock');
    expect(told(twice, mounts.slice(0, 1)).row('/run/docker.sock').What).toBe('tmpfs');
  });
});

describe('what is mounted later', () => {
  const later = (propagation: string, peers: Record<string, string[]> = {}) =>
    told(`700 600 0:70 / /mnt/all rw ${propagation}- tmpfs disk rw\n`, [bind('/mnt/disk', '/mnt/all')], peers).section(
      'What is mounted below later',
    )['/mnt/all'];

  it('is not seen where the mount is private, and it is said what to do', () => {
    expect(later('')).toMatch(/^Not seen: it is private\. With :rslave/);
  });

  it('is seen by a slave, from whom it follows, also where their table was not read', () => {
    expect(later('master:5 ', { 5: [HOST] })).toBe(
      'What is mounted outside is seen here: it follows the host. What is mounted here stays here.',
    );
    expect(later('master:5 ')).toContain('follows a mount table that was not read');
    expect(later('shared:9 master:5 ', { 5: [HOST] })).toContain('follows the host');
  });

  it('is seen on both sides where it is shared', () => {
    expect(later('shared:9 ', { 9: [HOST] })).toBe('Seen on both sides: it is shared with the host.');
  });

  it('is in the table as what lies inside the bind', () => {
    const { row } = told(
      '700 600 0:70 / /mnt/all rw master:5 - tmpfs disk rw\n701 700 0:71 / /mnt/all/usb rw master:6 - tmpfs usb-stick rw\n',
      [bind('/mnt/disk', '/mnt/all')],
      { 5: [HOST], 6: [HOST] },
    );
    expect(row('/mnt/all/usb')).toMatchObject({ What: 'inside a bind', Propagation: 'master:6 (from the host)' });
  });
});

it('tells what is the image’s, the engine’s and the kernel’s', () => {
  const { row } = told(
    [
      '701 600 0:5 / /proc rw - proc proc rw',
      '702 701 0:6 /null /proc/kcore rw - tmpfs tmpfs rw,size=64k',
      '703 600 8:1 /c/hosts /etc/hosts rw - ext4 /dev/sda1 rw',
      '704 600 0:6 / /dev rw - tmpfs tmpfs rw,size=64k',
      '705 600 8:2 / /mnt/more rw - ext4 /dev/sda2 rw',
    ].join('\n'),
    [],
  );
  expect(['/proc', '/proc/kcore', '/etc/hosts', '/dev', '/mnt/more', '/'].map((point) => row(point).What)).toEqual([
    'kernel',
    'kernel',
    'engine',
    'engine',
    'not declared',
    'image',
  ]);
});

it('says how many tables of others were not read', () => {
  const sections = mountSections({ kind: 'mnt', mounts: parseMounts(ROOT), peers: {}, unread: 3 }, null, snapshot);
  expect(sections.at(-1)?.rows.join()).toContain('3 other namespaces');
});

it('what was removed or replaced outside is told as what it was, and that it is so', () => {
  const { row, section } = told(
    '601 600 8:2 /etc/app.conf//deleted /app.conf rw,relatime - ext4 /dev/sda2 rw\n602 600 8:2 /srv/x /x rw - ext4 /dev/sda2 rw\n',
    [bind('/etc/app.conf', '/app.conf'), bind('/srv/x', '/x')],
  );
  expect(row('/app.conf')).toMatchObject({
    What: 'bind',
    From: '/etc/app.conf on /dev/sda2 (ext4), removed or replaced there since',
    Declared: '/etc/app.conf',
  });
  expect(section('Removed or replaced outside since')).toEqual({
    '/app.conf': 'Shows what /etc/app.conf was at the start, not what is there now.',
  });
});
