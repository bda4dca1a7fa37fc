/**
 * Which container a cgroup path belongs to. Paths are judged by content, never by depth, because the prefix is the
 * user's to choose (`--cgroup-parent`) and depends on the reader's own cgroup namespace (`/../<id>`).
 *
 * Known shapes: `/docker/<id>`, `/system.slice/docker-<id>.scope`, `/machine.slice/libpod-<id>.scope/container`,
 * `/kubepods/…/pod<uid>/<id>`, `cri-containerd-<id>.scope`, `crio-<id>.scope`, `nerdctl-<id>.scope`.
 * Source: cgroups(7), cgroup_namespaces(7), moby daemon/oci_linux.go.
 */

const ID = /^(?:(.+)-)?([0-9a-f]{64})$/;

/** Every container id in a path, from the outermost to the innermost. */
export function containerIdsIn(path: string): string[] {
  const ids: string[] = [];
  for (const segment of path.split('/')) {
    const match = ID.exec(segment.endsWith('.scope') ? segment.slice(0, -'.scope'.length) : segment);
    // conmon watches a container from outside: its cgroup carries the container's id and is not the container.
    if (match?.[2] !== undefined && !(match[1]?.endsWith('conmon') ?? false)) ids.push(match[2]);
  }
  return ids;
}

/** The container of this engine that a cgroup path belongs to: the first id that the engine knows; null for none. */
export function containerIdOf(path: string, known: { has(id: string): boolean }): string | null {
  return containerIdsIn(path).find((id) => known.has(id)) ?? null;
}

/** The innermost id, also of an engine inside a container (kind, Docker in Docker); null for none. */
export function innermostIdOf(path: string): string | null {
  return containerIdsIn(path).at(-1) ?? null;
}
