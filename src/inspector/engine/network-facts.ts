import type { Container } from '#core/snapshot/snapshot.ts';
import type { NetworkFacts } from '#core/wiring/network-facts.ts';

/**
 * Says of each network of a container what it is; where the engine does not answer that, it stays unknown. What a network is
 * never changes, so that each is asked for once.
 * @param list the engine's networks
 */
export function createNetworkFacts(
  list: () => Promise<readonly NetworkFacts[]>,
): (container: Container) => Promise<Container> {
  /** By id; null for what the engine does not tell of. */
  const known = new Map<string, NetworkFacts | null>();
  let looking: Promise<void> | null = null;

  /** One look for all who ask at the same time. */
  function look(): Promise<void> {
    looking ??= list()
      .catch(() => [])
      .then((networks) => {
        for (const network of networks) known.set(network.id, network);
        looking = null;
      });
    return looking;
  }

  return async (container) => {
    const { networks } = container;
    const unknown = () => networks.flatMap(({ id }) => (id === null || known.has(id) ? [] : [id]));
    // A look that is under way may have begun before the newest of them was there.
    if (unknown().length > 0) await looking;
    if (unknown().length > 0) {
      await look();
      // What the engine does not tell it is not asked for each time.
      for (const id of unknown()) known.set(id, null);
    }
    return {
      ...container,
      networks: networks.map((network) => {
        const facts = network.id === null ? null : (known.get(network.id) ?? null);
        if (facts === null) return network;
        return { ...network, subnets: facts.subnets.map(({ subnet }) => subnet), internal: facts.internal };
      }),
    };
  };
}
