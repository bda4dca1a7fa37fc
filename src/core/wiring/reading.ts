import * as z from 'zod';
import { linkSchema } from '../detail/detail.ts';
import { type NetworkFacts, networkFactsSchema } from './network-facts.ts';

/** What is known of one network namespace: its links, or null where it could not be looked into. */
export const netFactsSchema = z.object({ id: z.string(), links: z.array(linkSchema).nullable() });

/** The events of reading all network namespaces once. */
export const wiringEventSchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('part'), nets: z.array(netFactsSchema), total: z.int().nonnegative() }),
  /** The engine's networks; none where it does not tell, or there is no engine. */
  z.object({ type: z.literal('networks'), networks: z.array(networkFactsSchema).readonly() }),
  /** The last event: `problem` says why not all were told. */
  z.object({ type: z.literal('end'), problem: z.string().nullable() }),
]);

export type NetFacts = z.infer<typeof netFactsSchema>;
export type WiringEvent = z.infer<typeof wiringEventSchema>;

/** What has been read so far; the links are read repeatedly. */
export interface Reading {
  readonly nets: ReadonlyMap<string, NetFacts>;
  /** The namespaces that the present reading has covered. */
  readonly told: ReadonlySet<string>;
  /** How many there are; null before it is known. */
  readonly total: number | null;
  readonly running: boolean;
  readonly problem: string | null;
  /** Absent until the engine has told them, and where it does not. */
  readonly networks?: readonly NetworkFacts[];
}

export const NOTHING_READ: Reading = {
  nets: new Map(),
  told: new Set(),
  total: null,
  running: false,
  problem: null,
};

/** A new reading begins: earlier results stay until they are replaced. */
export function beginReading(reading: Reading): Reading {
  return { ...reading, told: new Set(), running: true };
}

/** Adds what was read. At the end, what was no longer found is dropped, unless the reading ended half way. */
export function readOn(reading: Reading, event: WiringEvent): Reading {
  if (event.type === 'networks') return { ...reading, networks: event.networks };
  if (event.type === 'part') {
    if (event.nets.length === 0) return { ...reading, total: event.total };
    const nets = new Map(reading.nets);
    const told = new Set(reading.told);
    for (const facts of event.nets) {
      nets.set(facts.id, facts);
      told.add(facts.id);
    }
    return { ...reading, nets, told, total: event.total };
  }
  const nets =
    event.problem !== null ? reading.nets : new Map([...reading.nets].filter(([id]) => reading.told.has(id)));
  return { ...reading, nets, running: false, problem: event.problem };
}

/** How much of it is known; null where all is, or nothing can be said. */
export function progressOf({ nets, total }: Reading): { readonly known: number; readonly total: number } | null {
  const known = [...nets.values()].filter(({ links }) => links !== null).length;
  return total === null || known >= total ? null : { known, total };
}
