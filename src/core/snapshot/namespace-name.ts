import type { Namespace } from './snapshot.ts';

/** The name that a tool gave a namespace by mounting it, and where. */
export interface NamespaceName {
  readonly name: string;
  readonly path: string;
}

/** Where tools keep namespaces that they name: iproute2, CNI, Podman, Docker. */
const PLACES = [/^(\/var)?\/run\/netns\//, /^(\/var)?\/run\/docker\/netns\//, /\/netns\//];

function rank(path: string): number {
  const at = PLACES.findIndex((place) => place.test(path));
  return at < 0 ? PLACES.length : at;
}

/**
 * The name of a namespace by a place where it is mounted: `blue` for /run/netns/blue, `ingress_sbox` for
 * /run/docker/netns/ingress_sbox. Null where it is mounted nowhere.
 */
export function namespaceName({ pins }: Namespace): NamespaceName | null {
  const paths = pins.flatMap((pin) => (pin.type === 'mount' && pin.path.startsWith('/') ? [pin.path] : []));
  const [path] = paths.sort((a, b) => rank(a) - rank(b) || a.length - b.length || (a < b ? -1 : 1));
  const name = path?.slice(path.lastIndexOf('/') + 1);
  return path === undefined || name === undefined || name === '' ? null : { name, path };
}
