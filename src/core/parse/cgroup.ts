/**
 * Which container a cgroup path belongs to. Paths are judged by content, never by depth, because the prefix is the
 * user's to choose (`--cgroup-parent`) and depends on the reader's own cgroup namespace (`/../<id>`).
 *
 * Known shapes: `/docker/<id>`, `/system.slice/docker-<id>.scope`, `/machine.slice/libpod-<id>.scope/container`,
 * `/system.slice/web.service/libpod-payload-<id>` (Quadlet), `/kubepods/…/pod<uid>/<id>`, `cri-containerd-<id>.scope`,
 * `crio-<id>.scope`, `nerdctl-<id>.scope`, `/system.slice:docker:<id>` (systemd's notation where no systemd reads it), and
 * whatever a container makes below its own (`/init`, `/init.scope`, another engine's).
 *
 * A path is only what somebody wrote there: who may make cgroups may give one any name.
 * Source: cgroups(7), cgroup_namespaces(7), moby daemon/oci_linux.go, runc docs/systemd.md, podman-run(1) --cgroups.
 */

const ID = /^(?:(.+)[-:])?([0-9a-f]{64})$/;

/** The kernel appends this to the path of a cgroup that was removed while a process, a zombie mostly, was in it. */
const REMOVED = ' (deleted)';

/** A container id in a cgroup path. */
export interface IdInPath {
  readonly id: string;
  /** What stands before it in its segment: `docker`, `libpod-payload`, `system.slice:docker`; null for nothing. */
  readonly prefix: string | null;
  /** The path up to and with the segment that bears the id. */
  readonly path: string;
}

/** Every container id in a path, from the outermost to the innermost, with where it stands. */
export function idsInPath(path: string): IdInPath[] {
  const found: IdInPath[] = [];
  const whole = path.endsWith(REMOVED) ? path.slice(0, -REMOVED.length) : path;
  let end = -1;
  let above = '';
  for (const segment of whole.split('/')) {
    end += segment.length + 1;
    // Podman's containers have a prefix: a bare id there is a pod's.
    const pod = above === 'libpod_parent' && !segment.startsWith('libpod-');
    above = segment;
    if (pod) continue;
    const match = ID.exec(segment.endsWith('.scope') ? segment.slice(0, -'.scope'.length) : segment);
    if (match?.[2] === undefined) continue;
    const prefix = match[1] ?? null;
    // conmon watches a container from outside: its cgroup carries the container's id and is not the container.
    if (prefix?.endsWith('conmon')) continue;
    found.push({ id: match[2], prefix, path: whole.slice(0, end) });
  }
  return found;
}

/** Every container id in a path, from the outermost to the innermost. */
export function containerIdsIn(path: string): string[] {
  return idsInPath(path).map(({ id }) => id);
}

/** The container of this engine that a cgroup path belongs to: the first id that the engine knows; null for none. */
export function containerIdOf(path: string, known: { has(id: string): boolean }): string | null {
  return containerIdsIn(path).find((id) => known.has(id)) ?? null;
}

/** The innermost id, also of an engine inside a container (kind, Docker in Docker); null for none. */
export function innermostIdOf(path: string): string | null {
  return containerIdsIn(path).at(-1) ?? null;
}
