import type { Mount } from '../detail/detail.ts';
import { enginePaths, reachOf } from '../sharing/host-paths.ts';
import { mountFindings } from '../sharing/mounts.ts';
import type { Process, Snapshot } from '../snapshot/snapshot.ts';
import { t } from '../words/words.ts';
import type { IsolationLine, Known } from './isolation-card.ts';

/** What every container has of its own, at the places where it always is. */
const OWN = /^\/(proc|sys|dev)(\/|$)/;

/** The path of the machine that a mount shows: its place in a mount of the machine with the same file system. */
function pathOutside({ device, root }: Mount, machine: readonly Mount[]): string | null {
  let best: Mount | null = null;
  for (const mount of machine) {
    if (mount.device !== device) continue;
    if (root !== mount.root && mount.root !== '/' && !root.startsWith(`${mount.root}/`)) continue;
    if (best === null || mount.root.length > best.root.length) best = mount;
  }
  if (best === null) return null;
  const rest = best.root === '/' ? root : root.slice(best.root.length);
  return `${best.point === '/' ? '' : best.point}${rest === '/' ? '' : rest}` || '/';
}

interface Bind {
  readonly source: string;
  readonly destination: string;
}

/** Whether one lies in another as it does on the machine: it came along with that, and no flag of its own made it. */
function cameWith(one: Bind, other: Bind): boolean {
  if (!one.destination.startsWith(`${other.destination}/`)) return false;
  const rest = one.destination.slice(other.destination.length);
  return one.source === `${other.source === '/' ? '' : other.source}${rest}`;
}

/**
 * What it reaches of the machine by its mount table: a link, another name, a volume of another driver, or a mount that
 * was made after it began are seen there, whatever the engine calls them.
 * @param tree the mount namespace of the machine's files
 */
export function realPlaces(snapshot: Snapshot, tree: string | null, known: Known, init: Process): IsolationLine[] {
  const { mnt } = init.namespaces;
  if (tree === null || mnt === null || tree === mnt) return [];
  const [own, machine] = [known({ type: 'namespace', id: mnt }), known({ type: 'namespace', id: tree })];
  if (own?.kind !== 'mnt' || machine?.kind !== 'mnt') return [];
  const paths = enginePaths(snapshot);
  const binds = own.mounts.flatMap((mount) => {
    if (mount.point === '/' || OWN.test(mount.point)) return [];
    const source = pathOutside(mount, machine.mounts);
    if (source === null) return [];
    return [
      {
        ...{ type: 'bind', name: null, source, destination: mount.point, device: null, propagation: '' },
        readOnly: mount.options.includes('ro'),
      },
    ];
  });
  const reaches = binds.flatMap((bind) => {
    const above = binds.filter((other) => cameWith(bind, other));
    const [outermost] = above.sort((a, b) => a.destination.length - b.destination.length);
    const said = above.flatMap((other) => reachOf(other, paths));
    return reachOf(bind, paths)
      .filter(({ code, severity }) => !said.some((each) => each.code === code && each.severity === severity))
      .map((reach) => ({ ...reach, by: outermost ?? bind }));
  });
  const { pid } = init;
  return mountFindings(reaches, snapshot.engine?.rootless === true, (mounts) =>
    t('The mount table of pid {pid} has {mounts}.', { pid, mounts }),
  ).map(({ severity, ...line }) => ({ ...line, rank: severity }));
}
