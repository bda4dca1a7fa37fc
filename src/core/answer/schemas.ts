import * as z from 'zod';
import { detailSchema } from '../detail/detail.ts';
import { WAY_HOPS } from '../detail/hop.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { attemptSchema } from './attempt.ts';
import { CHANGES, COMPARED } from './difference.ts';
import { FOUND_TYPES } from './find-index.ts';
import { ISOLATION_RANKS } from './isolation-card.ts';

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

export const isolationSchema = z.array(
  z.strictObject({
    id: z.string(),
    container: z.string(),
    /** The worst of its lines. */
    rank: z.enum(ISOLATION_RANKS),
    /** Worst first. */
    lines: z.array(
      z.strictObject({
        code: z.string().regex(/^[a-z]+(-[a-z]+)*$/),
        rank: z.enum(ISOLATION_RANKS),
        title: z.string(),
        text: z.string(),
        evidence: z.string(),
        cure: z.string().nullable(),
        source: z.string(),
      }),
    ),
  }),
);

export const diffSchema = z.strictObject({
  sameBoot: z.boolean(),
  notes: z.array(z.string()),
  list: z.array(
    z.strictObject({
      change: z.enum(CHANGES),
      what: z.enum(COMPARED),
      container: z.string().nullable(),
      id: z.string().nullable(),
      text: z.string(),
      before: z.string().nullable(),
      after: z.string().nullable(),
    }),
  ),
});

export const inspectSchema = z.strictObject({
  /** As it was asked for. */
  target: z.string(),
  /** Whose it is. */
  container: z.string().nullable(),
  containerName: z.string().nullable(),
  image: z.string().nullable(),
  /** The container that a process outside of it works for: a shim, a proxy of a port. */
  worksFor: z.string().nullable(),
  pid: z.int().positive().nullable(),
  /** From the outermost pid namespace that is seen to its own. */
  pids: z.array(z.int().positive()),
  parts: z.array(
    z.strictObject({
      name: z.string(),
      /** Null where it could not be read, and `error` says why not. */
      detail: detailSchema.nullable(),
      error: z.string().nullable(),
    }),
  ),
  ways: z.array(
    z.strictObject({
      hostIp: z.string(),
      hostPort: z.int(),
      containerPort: z.int(),
      protocol: z.string(),
      /** The container that published it, where that is another one. */
      through: z.string().nullable(),
      hops: z.array(
        z.strictObject({
          what: z.enum(WAY_HOPS),
          text: z.string(),
          ok: z.boolean().nullable(),
          evidence: z.string(),
        }),
      ),
    }),
  ),
});

/** As `inspect --json` prints it. */
export type InspectReport = z.infer<typeof inspectSchema>;

/** What each uses, and what can be summed. */
const useNumbers = {
  cpuPercent: perSecond,
  memory: bytes.nullable(),
  reclaimable: bytes.nullable(),
  anonymous: bytes.nullable(),
  shared: bytes.nullable(),
  fileCache: bytes.nullable(),
  kernel: bytes.nullable(),
  swap: bytes.nullable(),
  oomKills: z.number().nullable(),
  readPerSecond: perSecond,
  writtenPerSecond: perSecond,
  receivedPerSecond: perSecond,
  sentPerSecond: perSecond,
  pids: z.int().nonnegative(),
  threads: z.int().nonnegative(),
};

const useOfOne = z.strictObject({
  name: z.string(),
  /** The name of its compose project or pod. */
  group: z.string().nullable(),
  ...useNumbers,
  memoryLimit: bytes.nullable(),
  limitSetBy: z.string().nullable(),
  throttledPercent: perSecond,
  memoryPressure: z.number().nullable(),
});

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
  containers: z.array(useOfOne),
  /** Services of the machine: what belongs to no container of this engine. */
  services: z.array(useOfOne),
  /** Compose projects and pods: their members are in the other lists too. */
  groups: z.array(
    z.strictObject({
      name: z.string(),
      kind: z.enum(['compose', 'pod']),
      members: z.array(z.string()),
      ...useNumbers,
    }),
  ),
});
