import * as z from 'zod';
import { detailSchema, subjectSchema } from '../detail/detail.ts';
import { networkFactsSchema } from '../wiring/network-facts.ts';
import { t } from '../words/words.ts';
import { startTimeSchema } from './id-schemas.ts';

/** What was read of one namespace, process or cgroup: `problem` says why there is nothing. */
const detailRecordSchema = z.object({
  subject: subjectSchema,
  detail: detailSchema.nullable(),
  problem: z.string().nullable(),
});

/** The files that tell a process which address a name has, as its own root has them; null where one cannot be read. */
const lookupSchema = z.object({
  pid: z.int().nonnegative(),
  startTime: startTimeSchema,
  resolv: z.string().nullable(),
  hosts: z.string().nullable(),
});

/** What was read on request and put into a snapshot: `bulkhead scan --details`. */
export const detailsSchema = z.object({
  /** ISO 8601, UTC: when the last of it was read. */
  takenAt: z.string(),
  /** One each: all namespaces, then the init of each container and its cgroup. */
  records: z.array(detailRecordSchema),
  /** The engine's networks; null where it did not tell them, absent in files of older versions. */
  networks: z.array(networkFactsSchema).nullable().optional(),
  /** How the init of each container finds the address of a name; absent in files of older versions. */
  lookups: z.array(lookupSchema).optional(),
  /** What is missing, a sentence each. */
  problems: z.array(z.object({ code: z.string(), message: z.string(), count: z.int().positive() })),
});

export type Lookup = z.infer<typeof lookupSchema>;
export type DetailRecord = z.infer<typeof detailRecordSchema>;
export type CollectedDetails = z.infer<typeof detailsSchema>;

/** More are not collected and not read: 2,000 containers have about 14,000. */
export const MOST_RECORDS = 50_000;

const looseSchema = detailsSchema.extend({
  records: z.array(z.unknown()),
  problems: z.array(z.unknown()),
  networks: z.unknown().optional(),
  lookups: z.unknown().optional(),
});
const problemSchema = detailsSchema.shape.problems.element;

/**
 * The details of a saved snapshot, where they come from outside: a record that does not fit is left out and counted, and
 * what is no list of records at all is a problem and nothing else.
 */
export function readDetails(value: unknown, takenAt: string): CollectedDetails {
  const loose = looseSchema.safeParse(value);
  if (!loose.success) {
    const where = loose.error.issues[0]?.path.map(String).join('.') ?? '';
    const message = t('The details in this file are damaged at "{where}" and were left out.', {
      where: where === '' ? 'details' : `details.${where}`,
    });
    return { takenAt, records: [], problems: [{ code: 'details-damaged', message, count: 1 }] };
  }
  const records: DetailRecord[] = [];
  let damaged = 0;
  for (const record of loose.data.records.slice(0, MOST_RECORDS)) {
    const parsed = detailRecordSchema.safeParse(record);
    if (parsed.success) records.push(parsed.data);
    else damaged += 1;
  }
  const problems = loose.data.problems.slice(0, 1_000).flatMap((each) => problemSchema.safeParse(each).data ?? []);
  const beyond = loose.data.records.length - records.length - damaged;
  if (damaged > 0) {
    const message = t('{count} of the details in this file are damaged and were left out.', { count: damaged });
    problems.push({ code: 'details-damaged', message, count: damaged });
  }
  if (beyond > 0) {
    const message = t('{count} of the details in this file are beyond the {limit} that are read.', {
      count: beyond,
      limit: MOST_RECORDS,
    });
    problems.push({ code: 'details-beyond', message, count: beyond });
  }
  const networks = detailsSchema.shape.networks.safeParse(loose.data.networks).data;
  const lookups = detailsSchema.shape.lookups.safeParse(loose.data.lookups).data;
  return {
    takenAt: loose.data.takenAt,
    records,
    ...(networks === undefined ? {} : { networks }),
    ...(lookups === undefined ? {} : { lookups }),
    problems,
  };
}
