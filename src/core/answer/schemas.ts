import * as z from 'zod';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { attemptSchema } from './attempt.ts';
import { FOUND_TYPES } from './find-index.ts';

/**
 * What the answers print with `--json`. docs/NAME.schema.json is made of these, and tests hold what the command line
 * prints against them. Nothing may be in it that is not here.
 */

const bytes = z.number().nonnegative();
const perSecond = z.number().nonnegative().nullable();

export const reachSchema = z.strictObject({
  verdict: z.enum(['reachable', 'not-reachable', 'unknown']),
  /** In one or two sentences: the first hop that fails or is not known, or where the way ends. */
  because: z.string(),
  hops: z.array(z.strictObject({ what: z.string(), ok: z.boolean().nullable(), evidence: z.string() })),
  tried: attemptSchema.nullable(),
});

export const findSchema = z.array(
  z.strictObject({
    type: z.enum(FOUND_TYPES),
    name: z.string(),
    container: z.string().nullable(),
    pid: z.int().positive().nullable(),
    why: z.string(),
  }),
);

/** Worst first. */
export const CHECK_SEVERITIES = ['broken', 'danger', 'warning', 'notice'] as const;

export const checkSchema = z.array(
  z.strictObject({
    /** Stable; docs/checks.md tells of each. */
    code: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
    severity: z.enum(CHECK_SEVERITIES),
    /** The container's name; null for what is the machine's. */
    container: z.string().nullable(),
    text: z.string(),
    /** The facts it rests on, and where they were read. */
    evidence: z.string(),
    /** What closes it; null where nothing is known to. */
    cure: z.string().nullable(),
  }),
);

export type CheckFinding = z.infer<typeof checkSchema>[number];
export type CheckSeverity = CheckFinding['severity'];

export const whySchema = z.array(
  z.strictObject({
    kind: z.enum(NAMESPACE_KINDS),
    /** Null where it is not known, and `cause` says why not. */
    namespace: z.string().nullable(),
    /** Container names and "host"; a process that is asked about is named where it is of none of these. */
    members: z.array(z.string()),
    /** Why, in sentences. */
    cause: z.string(),
  }),
);

export const topSchema = z.strictObject({
  takenAt: z.iso.datetime(),
  memory: z.strictObject({
    total: bytes,
    parts: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['container', 'service', 'rest', 'cache', 'kernel', 'free']),
        bytes,
      }),
    ),
    unexplained: z.number(),
  }),
  cpu: z.strictObject({
    cpus: z.number().positive(),
    parts: z.array(
      z.strictObject({
        name: z.string(),
        kind: z.enum(['container', 'service', 'rest', 'idle']),
        percent: z.number().nullable(),
      }),
    ),
  }),
  containers: z.array(
    z.strictObject({
      name: z.string(),
      cpuPercent: perSecond,
      memory: bytes.nullable(),
      memoryLimit: bytes.nullable(),
      limitSetBy: z.string().nullable(),
      reclaimable: bytes.nullable(),
      anonymous: bytes.nullable(),
      shared: bytes.nullable(),
      fileCache: bytes.nullable(),
      kernel: bytes.nullable(),
      swap: bytes.nullable(),
      throttledPercent: perSecond,
      memoryPressure: z.number().nullable(),
      oomKills: z.number().nullable(),
      readPerSecond: perSecond,
      writtenPerSecond: perSecond,
      receivedPerSecond: perSecond,
      sentPerSecond: perSecond,
      pids: z.int().nonnegative(),
      threads: z.int().nonnegative(),
    }),
  ),
});
