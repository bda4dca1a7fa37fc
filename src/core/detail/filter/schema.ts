import * as z from 'zod';

/** What a rule asks of one thing: these, or with `not` everything but these. Texts are values, `from-to`, prefixes. */
export const choiceSchema = z.object({ not: z.boolean(), of: z.array(z.string()) });

const family = z.union([z.literal(4), z.literal(6)]);

/** A rule of a chain: what it asks, and what it then does. What is absent is not asked. */
export const filterRuleSchema = z.object({
  by: z.enum(['nft', 'iptables-nft', 'iptables']),
  family: family.optional(),
  protocols: choiceSchema.optional(),
  sources: choiceSchema.optional(),
  destinations: choiceSchema.optional(),
  sourcePorts: choiceSchema.optional(),
  ports: choiceSchema.optional(),
  /** The links that a packet comes and leaves by, `veth*` for all that begin so. */
  arrives: choiceSchema.optional(),
  leaves: choiceSchema.optional(),
  /** Whether the destination is an address of this namespace itself. */
  local: z.boolean().optional(),
  /** What the routing table calls the destination: `unicast`, `broadcast`, … */
  kinds: z.array(z.string()).optional(),
  /** What conntrack says of the connection: `new`, `established`, … */
  states: z.array(z.string()).optional(),
  /** Whether the connection's destination was translated. */
  translated: z.boolean().optional(),
  /** TCP's flags as one byte. */
  flags: choiceSchema.optional(),
  mark: choiceSchema.optional(),
  markBits: z.array(z.object({ mask: z.int(), value: z.int(), not: z.boolean() })).optional(),
  /** The part of the packets that it takes, of those that fit; absent for all. */
  share: z.number().optional(),
  /** What is asked besides, in words: what cannot be judged here. */
  also: z.array(z.string()).optional(),
  /** `continue`: only its mark counts. `unclear`: what becomes of the packet is not known, `to` says why. */
  does: z.enum(['accept', 'drop', 'reject', 'return', 'jump', 'goto', 'continue', 'unclear']),
  /** The chain, or why it is unclear. */
  to: z.string().optional(),
  /** The mark becomes `(mark & keep) ^ flip`; null where it becomes what is not known. */
  setsMark: z.object({ keep: z.int(), flip: z.int() }).nullish(),
  untracks: z.boolean().optional(),
});

/** All that decides whether packets pass a network namespace. */
export const filterSchema = z.object({
  tables: z.array(
    z.object({
      name: z.string(),
      by: z.enum(['nft', 'iptables-nft', 'iptables']),
      /** Null for IPv4 and IPv6. */
      family: family.nullable(),
      /** The chains that the kernel calls; of those at one hook the lowest priority first. */
      bases: z.array(
        z.object({
          chain: z.string(),
          hook: z.enum(['prerouting', 'input', 'forward', 'output', 'postrouting']),
          priority: z.int(),
          type: z.enum(['nat', 'filter', 'route']),
          /** What becomes of a packet that no rule decides. */
          policy: z.enum(['accept', 'drop']),
        }),
      ),
      chains: z.record(z.string(), z.array(filterRuleSchema)),
    }),
  ),
  /** Why there may be more, in sentences. */
  unread: z.array(z.string()),
  /** Whether packets are sent on from one link to another, by family; null where that is not known. */
  forwards: z.object({ 4: z.boolean().nullable(), 6: z.boolean().nullable() }),
  /** Whether what a bridge sends on between its ports meets the rules, too. */
  bridged: z.object({ 4: z.boolean().nullable(), 6: z.boolean().nullable() }),
  /** The links, or `all`, by which 127.0.0.0/8 may pass (route_localnet); absent in files of older versions. */
  localnet: z.array(z.string()).optional(),
});

export type FilterRule = z.infer<typeof filterRuleSchema>;
export type Filter = z.infer<typeof filterSchema>;
