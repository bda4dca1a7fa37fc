import type { Mount } from '../detail/detail.ts';
import { mountPlace, overlayLayers } from '../detail/mount-place.ts';
import type { Container } from '../snapshot/snapshot.ts';
import { clauses, t } from '../words/words.ts';
import type { FindIndex, Hit } from './find-index.ts';

/** What a path is below another: `` for the same, `/x` for a path below it; null for one that is not. */
function below(path: string, above: string): string | null {
  if (above === '/') return path === '/' ? '' : path;
  if (path === above) return '';
  return path.startsWith(`${above}/`) ? path.slice(above.length) : null;
}

const joined = (above: string, rest: string): string => (above === '/' ? rest || '/' : above + rest);

/** The mount that a path is on, and where on its file system. The last of those that fit best is the one that is seen. */
function resolve(mounts: readonly Mount[], path: string): { mount: Mount; inside: string } | null {
  let best: { mount: Mount; inside: string } | null = null;
  for (const mount of mounts) {
    const rest = below(path, mount.point);
    if (rest === null || (best !== null && mount.point.length < best.mount.point.length)) continue;
    best = { mount, inside: joined(mount.root, rest) };
  }
  return best;
}

/** The place of a container in a hit, by the mount namespace that it has. */
function seat(
  index: FindIndex,
  namespace: string,
): Pick<Hit, 'container' | 'pid' | 'place'> & { readonly who: string } {
  const { container, name } = index.owner(namespace);
  const pid = container?.pid ?? index.namespaces.get(namespace)?.pids[0] ?? null;
  return {
    container: container?.name ?? null,
    pid,
    place: container === null ? { type: 'namespace', id: namespace } : { type: 'container', id: container.id },
    who: name,
  };
}

const readOnlyText = (readOnly: boolean): string | null => (readOnly ? t('read-only') : null);
const isReadOnly = ({ options }: Mount): boolean => options.includes('ro');

/**
 * Everybody whose mount tables show a part of a file system, and as what.
 * @param told what was said already: a container's name and the path that it has
 */
function* sharers(
  index: FindIndex,
  device: string,
  inside: string,
  path: string,
  except: string,
  told: ReadonlySet<string> = new Set(),
): Generator<Hit> {
  for (const [namespace, { mounts }] of index.mounts) {
    if (namespace === except) continue;
    // A private copy of the machine's table shows it under the same path: nothing that anybody asked for.
    const copies = index.owner(namespace).container === null;
    const seen = new Set<string>();
    for (const mount of mounts) {
      if (mount.device !== device) continue;
      const rest = below(inside, mount.root);
      if (rest === null) continue;
      const point = joined(mount.point, rest);
      if (seen.has(point) || resolve(mounts, point)?.mount !== mount) continue;
      seen.add(point);
      const { who, ...where } = seat(index, namespace);
      if (told.has(`${where.container} ${point}`)) continue;
      const why = clauses(t('{who} has it at {point}', { who, point }), readOnlyText(isReadOnly(mount)));
      yield { type: 'mount', name: path, ...where, why, rank: copies ? 6 : 1 };
    }
  }
}

/**
 * By what the engine declares: all that is known without mount tables.
 * @param told gets the container's name and the path that it has
 */
function* declared(container: Container, path: string, told: Set<string>): Generator<Hit> {
  for (const mount of container.mounts) {
    const { source, destination, readOnly, device } = mount;
    const as = declaredAs(container, mount);
    for (const place of device === null ? [source] : [device, source]) {
      const rest = place === '' ? null : below(path, place);
      if (rest !== null) {
        told.add(`${container.name} ${joined(destination, rest)}`);
        const why = clauses(
          t('{who} has it at {point}', { who: container.name, point: joined(destination, rest) }),
          readOnlyText(readOnly),
          rest === '' ? null : t('within {place}', { place }),
        );
        yield { ...as, why, rank: rest === '' ? 0.5 : 1 };
      } else if (place !== '' && path !== '/' && below(place, path) !== null) {
        const why = clauses(
          t('{who} has {place}, a part of it, at {point}', { who: container.name, place, point: destination }),
          readOnlyText(readOnly),
        );
        yield { ...as, why, rank: 3 };
      }
    }
  }
}

const declaredAs = (container: Container, { type, name, source }: Container['mounts'][number]) => ({
  ...(type === 'volume'
    ? ({ type: 'volume', name: name ?? source } as const)
    : ({ type: 'mount', name: source } as const)),
  ...{ container: container.name, pid: container.pid },
  place: { type: 'container', id: container.id } as const,
});

/** Where a container's path is on the machine, by what the engine declares. */
function* declaredInside(container: Container, path: string): Generator<Hit> {
  for (const mount of container.mounts) {
    const inner = below(path, mount.destination);
    if (inner === null) continue;
    const why = clauses(
      t('in {who} it is {path} of the machine', { who: container.name, path: joined(mount.source, inner) }),
      readOnlyText(mount.readOnly),
    );
    yield { ...declaredAs(container, mount), why, rank: inner === '' ? 1.5 : 2 };
  }
}

/** The directories of a container's root: what it writes to, then its image's layers. */
function* overlays(index: FindIndex, fits: (directory: string) => string | null): Generator<Hit> {
  for (const [namespace, { mounts }] of index.mounts) {
    const { who, ...where } = seat(index, namespace);
    if (where.container === null) continue;
    for (const mount of mounts) {
      if (mount.type !== 'overlay') continue;
      const { upper, lower } = overlayLayers(mount);
      const work = mount.superOptions.find((each) => each.startsWith('workdir='))?.slice('workdir='.length);
      const { point } = mount;
      const of = () => (point === '/' ? t('the root of {who}', { who }) : t('{point} of {who}', { point, who }));
      const directories: [string | null | undefined, () => string][] = [
        [
          upper,
          () =>
            point === '/'
              ? t('what {who} wrote to its root', { who })
              : t('what {who} wrote to {point}', { who, point }),
        ],
        [work, () => t('the work directory of {place}', { place: of() })],
        ...lower.map((each, at): [string, () => string] => [
          each,
          () =>
            t('layer {n, number} of {count, number} below {place}', { n: at + 1, count: lower.length, place: of() }),
        ]),
      ];
      const seen = new Set<string>();
      for (const [directory, what] of directories) {
        const rest = directory == null || seen.has(directory) ? null : fits(directory);
        if (directory == null || rest === null) continue;
        seen.add(directory);
        const why = rest === '' ? what() : t('{what}: {path} inside', { what: what(), path: rest });
        yield { type: 'mount', name: directory, ...where, why, rank: directory === upper ? 0.5 : 1 };
      }
    }
  }
}

/** A path of the machine, and a path as containers see it: who has it, in all mount trees. */
export function* pathHits(index: FindIndex, path: string): Generator<Hit> {
  const host = index.snapshot.host.namespaces.mnt ?? index.snapshot.host.initial.mnt ?? '';
  const told = new Set<string>();
  for (const container of index.containers) {
    yield* declared(container, path, told);
    yield* declaredInside(container, path);
  }
  const table = index.mounts.get(host)?.mounts ?? [];
  const found = resolve(table, path);
  if (found !== null) {
    yield* sharers(index, found.mount.device, found.inside, path, host, told);
  }
  yield* overlays(index, (directory) => below(path, directory));
  for (const [namespace, { mounts }] of index.mounts) {
    const mount = mounts.findLast(({ point }) => point === path);
    if (mount === undefined || path === '/') continue;
    const { who, ...where } = seat(index, namespace);
    if (namespace !== host && where.container === null) continue;
    const why = clauses(
      t('a mount of {who}: {place}', { who, place: mountPlace(mount) }),
      readOnlyText(isReadOnly(mount)),
    );
    yield { type: 'mount', name: path, ...where, why, rank: 2.5 };
  }
}

/** `web1:/etc/app`: what it is, and who else has it. */
export function* containerPathHits(index: FindIndex, container: Container, path: string): Generator<Hit> {
  const namespace = container.pid === null ? null : (index.byPid.get(container.pid)?.namespaces.mnt ?? null);
  const mounts = namespace === null ? undefined : index.mounts.get(namespace)?.mounts;
  if (namespace === null || mounts === undefined) {
    yield* declaredInside(container, path);
    return;
  }
  const found = resolve(mounts, path);
  if (found === null) return;
  const { mount, inside } = found;
  const { who, ...where } = seat(index, namespace);
  const host = index.snapshot.host.namespaces.mnt ?? index.snapshot.host.initial.mnt ?? '';
  const { upper } = overlayLayers(mount);
  const rest = below(path, mount.point) ?? '';
  // The machine's own path for it, where one of its mounts shows that part of the file system.
  const shown = (index.mounts.get(host)?.mounts ?? []).flatMap((each) => {
    const part = each.device === mount.device ? below(inside, each.root) : null;
    return part === null ? [] : [joined(each.point, part)];
  })[0];
  const outside =
    mount.type === 'overlay' && upper !== null
      ? t('on the machine in {path} once {who} has changed it, else in a layer of its image', {
          path: joined(upper, rest),
          who,
        })
      : shown === undefined || shown === path
        ? null
        : t('{path} of the machine', { path: shown });
  const why = clauses(
    t('in {who} it is on {point}: {place}', { who, point: mount.point, place: mountPlace(mount) }),
    outside,
  );
  yield { type: 'mount', name: path, ...where, why, rank: 0 };
  yield* sharers(index, mount.device, inside, path, namespace);
}

/** A directory of overlay mounts by its name: 64 hexadecimal digits, a number, or the short name of a layer. */
export function* overlayHits(index: FindIndex, hash: string): Generator<Hit> {
  yield* overlays(index, (directory) =>
    directory.split('/').some((part) => part.toLowerCase().startsWith(hash)) ? '' : null,
  );
}
