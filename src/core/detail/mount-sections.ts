import type { Container, Snapshot } from '../snapshot/snapshot.ts';
import type { Part } from '../text/what-is.ts';
import { firstOf, t } from '../words/words.ts';
import type { DetailOf, Mount } from './detail.ts';
import { type Declared, isAnonymous, matchDeclared } from './mount-declared.ts';
import { desktopPath, isReplaced, mountPlace, overlayLayers } from './mount-place.ts';
import { type MountComparison, mountTree } from './mount-tables.ts';
import { namespaceOwner } from './net-sections.ts';
import type { Section } from './section.ts';

/** File systems that the kernel makes up. */
const KERNEL = new Set([
  ...['proc', 'sysfs', 'cgroup', 'cgroup2', 'devpts', 'mqueue', 'securityfs', 'debugfs', 'tracefs', 'bpf', 'nsfs'],
]);
/** What engines make for each container without being asked. */
const ENGINE_MADE = new Set([
  ...['/etc/resolv.conf', '/etc/hostname', '/etc/hosts', '/run/.containerenv', '/dev', '/dev/shm', '/dev/console'],
]);

function typeText({ type }: Declared): string {
  return type === 'volume' ? t('volume') : type;
}

/** Why a mount is there, in a word. */
function role(mount: Mount, container: Container | null, declared: Declared | null, outer: Declared | null): string {
  if (declared !== null) return isAnonymous(declared) ? t('anonymous volume') : typeText(declared);
  // What a container must not see is covered by something of the engine's.
  if (KERNEL.has(mount.type) || /^\/(proc|sys)\//.test(mount.point)) return t('kernel');
  if (container !== null && mount.point === '/') return t('image');
  if (container !== null && ENGINE_MADE.has(mount.point)) return t('engine');
  // It came with what is declared, or was mounted there later: the kernel does not tell which.
  if (outer !== null) return outer.type === 'volume' ? t('inside a volume') : t('inside a bind');
  if (mount.type === 'tmpfs' || mount.type === 'devtmpfs') return 'tmpfs';
  return container === null ? '' : t('not declared');
}

/** A volume's name as people say it; the path that a bind was asked for, as the user's own machine has it. */
function declaredName(declared: Declared): string {
  if (isAnonymous(declared)) return t('anonymous volume {name}', { name: declared.name?.slice(0, 12) ?? '' });
  if (declared.type === 'volume') return t('volume {name}', { name: declared.name ?? declared.source });
  const own = desktopPath(declared.source);
  return own === null ? declared.source : t('{path} (your computer)', { path: own });
}

/** What was asked of the engine, and where, if the kernel has it elsewhere. */
function declaredText(declared: Declared, mount: Mount): string {
  const name = declaredName(declared);
  if (declared.destination === mount.point) return name;
  return t('{name} at {path}, a link in the image', { name, path: declared.destination });
}

/** Peers that are named before they are only counted. */
const MOST_PEERS = 3;

function groupNumber(group: string, kind: 'shared' | 'master'): string | null {
  return group.startsWith(`${kind}:`) ? group.slice(kind.length + 1) : null;
}

/** Who else is in a propagation group, by name; null for nobody that is known. */
function peersText(number: string, peers: DetailOf<'mnt'>['peers'], snapshot: Snapshot): string | null {
  const others = peers[number] ?? [];
  if (others.length === 0) return null;
  const names = others.slice(0, MOST_PEERS).map((id) => namespaceOwner(snapshot, id));
  return firstOf(names, MOST_PEERS, others.length);
}

/** A propagation group with who else is in it: what is mounted in one appears in the others. */
function groupText(group: string, peers: DetailOf<'mnt'>['peers'], snapshot: Snapshot): string {
  const [master, shared] = [groupNumber(group, 'master'), groupNumber(group, 'shared')];
  if (master !== null) {
    return t('{group} (from {peers})', {
      group,
      peers: peersText(master, peers, snapshot) ?? t('a mount table that was not read'),
    });
  }
  const others = shared === null ? null : peersText(shared, peers, snapshot);
  return others === null ? group : t('{group} (with {peers})', { group, peers: others });
}

/** Whether what is mounted later, below a mount of the container, is seen on the other side, and why. */
function laterText(mount: Mount, peers: DetailOf<'mnt'>['peers'], snapshot: Snapshot): string {
  const numbers = (kind: 'shared' | 'master') => mount.propagation.flatMap((group) => groupNumber(group, kind) ?? []);
  const [master] = numbers('master');
  const [shared] = numbers('shared');
  const outside = shared === undefined ? null : peersText(shared, peers, snapshot);
  if (outside !== null) return t('Seen on both sides: it is shared with {peers}.', { peers: outside });
  if (master !== undefined) {
    const from = peersText(master, peers, snapshot) ?? t('a mount table that was not read');
    return t('What is mounted outside is seen here: it follows {peers}. What is mounted here stays here.', {
      peers: from,
    });
  }
  return t(
    'Not seen: it is private. With :rslave what is mounted outside appears here too, if the mount outside is shared.',
  );
}

/** The nearest mount above that the engine declares; null for none. */
function outerDeclared(
  mount: Mount,
  byId: ReadonlyMap<number, Mount>,
  of: ReadonlyMap<Mount, Declared>,
): { readonly mount: Mount; readonly declared: Declared } | null {
  const seen = new Set([mount.id]);
  for (let above = byId.get(mount.parent); above !== undefined; above = byId.get(above.parent)) {
    const declared = of.get(above);
    if (declared !== undefined) return { mount: above, declared };
    if (seen.has(above.id)) return null;
    seen.add(above.id);
  }
  return null;
}

/** A mount table in words: what each mount is, why it is there, and who sees what is mounted later. */
export function mountSections(detail: DetailOf<'mnt'>, container: Container | null, snapshot: Snapshot): Section[] {
  const { mounts, peers } = detail;
  const { of, missing } = matchDeclared(mounts, container?.mounts ?? []);
  const byId = new Map(mounts.map((mount) => [mount.id, mount]));
  const rows = mountTree(mounts);
  const sections: Section[] = [
    {
      title: t('{count, plural, one {# mount} other {# mounts}}', { count: mounts.length }),
      part: 'mounts',
      head: [
        t('Mounted on'),
        t('Type'),
        t('What ⟨it is⟩'),
        t('From ⟨where⟩'),
        ...(container === null ? [] : [t('Declared')]),
        t('Options'),
        t('Propagation'),
      ],
      rows: rows.map(({ mount, depth }) => {
        const declared = of.get(mount) ?? null;
        return [
          `${'  '.repeat(Math.min(depth, 8))}${mount.point}`,
          mount.type,
          role(mount, container, declared, outerDeclared(mount, byId, of)?.declared ?? null),
          mountPlace(mount),
          ...(container === null ? [] : [declared === null ? '' : declaredText(declared, mount)]),
          mount.options.join(','),
          mount.propagation.map((group) => groupText(group, peers, snapshot)).join(', ') || 'private',
        ];
      }),
      empty: t('It has no mounts.'),
    },
  ];
  const add = (part: Part, title: string, head: readonly string[], more: readonly (readonly string[])[]): void => {
    if (more.length > 0) sections.push({ title, part, head, rows: more, empty: '' });
  };
  add(
    'mountsInside',
    t('Volumes inside others'),
    [],
    rows.flatMap(({ mount }) => {
      const declared = of.get(mount);
      const outer = declared === undefined ? null : outerDeclared(mount, byId, of);
      if (declared === undefined || outer === null) return [];
      const [inner, around] = [declaredName(declared), declaredName(outer.declared)];
      return [
        [mount.point, t('What is written here goes to {inner}, and not to {around} around it.', { inner, around })],
      ];
    }),
  );
  add(
    'replaced',
    t('Removed or replaced outside since'),
    [],
    rows.flatMap(({ mount }) => {
      const declared = of.get(mount);
      return isReplaced(mount) && declared !== undefined
        ? [
            [
              mount.point,
              t('Shows what {declared} was at the start, not what is there now.', {
                declared: declaredName(declared),
              }),
            ],
          ]
        : [];
    }),
  );
  add(
    'propagation',
    t('What is mounted below later'),
    [],
    rows.flatMap(({ mount }) => {
      const type = of.get(mount)?.type;
      return type === 'bind' || type === 'volume' ? [[mount.point, laterText(mount, peers, snapshot)]] : [];
    }),
  );
  add(
    'undeclared',
    t('Declared, and not found in the table'),
    [t('Destination'), t('What ⟨it is⟩'), t('Declared')],
    missing.map((declared) => [declared.destination, typeText(declared), declaredName(declared)]),
  );
  const root = mounts.find(({ point }) => point === '/');
  const layers = root === undefined || container === null ? null : overlayLayers(root);
  if (layers !== null && layers.lower.length > 0) {
    add(
      'layers',
      t('Root directory in layers'),
      [],
      [
        ...(layers.upper === null ? [] : [[t('written here'), layers.upper]]),
        ...layers.lower.map((layer) => [t('image layer'), layer]),
      ],
    );
  }
  if (detail.unread !== undefined && detail.unread > 0) {
    add(
      'also',
      t('Also'),
      [],
      [
        [
          t('Not read'),
          t(
            '{count, plural, one {the mount table of # other namespace} other {the mount tables of # other namespaces}}: there may be more peers',
            { count: detail.unread },
          ),
        ],
      ],
    );
  }
  return sections;
}

function mountRows(mounts: readonly Mount[]): string[][] {
  return mounts.map((mount) => [mount.point, mount.type, mountPlace(mount)]);
}

/** Two mount tables beside each other. */
export function comparisonSections(comparison: MountComparison, here: string, there: string): Section[] {
  const head = [t('Mounted on'), t('Type'), t('From ⟨where⟩')];
  return [
    {
      title: t('Seen by both: what {here} writes, {there} sees', { here, there }),
      part: 'comparison',
      head,
      rows: mountRows(comparison.same),
      empty: t('Nothing.'),
    },
    {
      title: t('The same files at different places'),
      part: 'comparison',
      head: [here, there, t('From ⟨where⟩')],
      rows: comparison.elsewhere.map(({ a, b }) => [a.point, b.point, mountPlace(a)]),
      empty: t('None.'),
    },
    {
      title: t('The same place with different files'),
      part: 'comparison',
      head: [t('Mounted on'), here, there],
      rows: comparison.different.map(({ a, b }) => [a.point, mountPlace(a), mountPlace(b)]),
      empty: t('None.'),
    },
    {
      title: t('Only in {name}', { name: here }),
      part: 'comparison',
      head,
      rows: mountRows(comparison.onlyA),
      empty: t('Nothing.'),
    },
    {
      title: t('Only in {name}', { name: there }),
      part: 'comparison',
      head,
      rows: mountRows(comparison.onlyB),
      empty: t('Nothing.'),
    },
  ];
}
