/** What a published port's way leads through. */
export const WAY_HOPS = ['host', 'proxy', 'nat', 'firewall', 'bridge', 'veth', 'container', 'listener'] as const;

/** One step of a published port's way, from outside to whoever listens. */
export interface Hop {
  readonly what: (typeof WAY_HOPS)[number];
  readonly text: string;
  /** Whether the way goes on there; null where that is not known. */
  readonly ok: boolean | null;
  /** Where that is known from, or why it is not; with the cure where there is one. */
  readonly evidence: string;
  /** All was read and nothing found: the hop says what is missing. */
  readonly missing?: true;
}
