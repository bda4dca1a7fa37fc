import * as z from 'zod';

/** A network as the engine describes it; null for what it does not say. */
export const networkFactsSchema = z.object({
  id: z.string(),
  name: z.string(),
  /** `bridge`, `macvlan`, `ipvlan`, `overlay`, `host`, `null`, or a plugin's. */
  driver: z.string().nullable(),
  /** True if it connects its members only, and leads nowhere else. */
  internal: z.boolean(),
  subnets: z.array(z.object({ subnet: z.string(), gateway: z.string().nullable() })),
  /** The link that it is made of on the machine, where that was chosen: a bridge, or the parent of a macvlan. */
  device: z.string().nullable(),
  /** The options that the driver was given. */
  options: z.record(z.string(), z.string()),
});

export type NetworkFacts = z.infer<typeof networkFactsSchema>;

/** The parts of an engine's network that are read. Source: Docker Engine API, `NetworkList`. */
const engineNetworkSchema = z.object({
  Id: z.string(),
  Name: z.string(),
  Driver: z.string().nullish(),
  Internal: z.boolean().nullish(),
  IPAM: z
    .object({
      Config: z.array(z.object({ Subnet: z.string().nullish(), Gateway: z.string().nullish() })).nullish(),
    })
    .nullish(),
  Options: z.record(z.string(), z.unknown()).nullish(),
});

/** An engine's network; null for what is none. */
export function parseNetwork(value: unknown): NetworkFacts | null {
  const parsed = engineNetworkSchema.safeParse(value).data;
  if (parsed === undefined) return null;
  const { Id, Name, Driver, Internal, IPAM, Options } = parsed;
  const device = Options?.['com.docker.network.bridge.name'] ?? Options?.parent;
  return {
    id: Id,
    name: Name,
    driver: Driver ?? null,
    internal: Internal === true,
    subnets: (IPAM?.Config ?? []).flatMap(({ Subnet, Gateway }) =>
      Subnet == null || Subnet === ''
        ? []
        : [{ subnet: Subnet, gateway: Gateway == null || Gateway === '' ? null : Gateway }],
    ),
    device: typeof device === 'string' && device !== '' ? device : null,
    options: Object.fromEntries(
      Object.entries(Options ?? {}).flatMap(([key, each]) => (typeof each === 'string' ? [[key, each]] : [])),
    ),
  };
}
