import * as z from 'zod';
import { kindMapSchema, linkMapSchema, namespaceIdSchema, pidSchema, startTimeSchema } from '../snapshot/id-schemas.ts';
import { NAMESPACE_KINDS } from '../snapshot/namespace.ts';
import { type Problem, pinSchema, problemSchema } from '../snapshot/snapshot.ts';
import { createLineReader } from '../text/lines.ts';
import { t } from '../words/words.ts';

/** The probe's protocol, version 1: one JSON object a line. The protocol's text is native/probe/README.md. */
const PROBE_PROTOCOL = 1;

/** A longer line is reported and skipped: the probe's own are far below it (argv is cut at 4 KiB). */
const MAX_LINE = 8 * 1024 * 1024;

const id = namespaceIdSchema;
const nullableId = id.nullable();
const pid = pidSchema;

const helloFrame = z.object({
  t: z.literal('hello'),
  protocol: z.literal(PROBE_PROTOCOL),
  version: z.string(),
  mode: z.enum(['scan', 'watch']),
  arch: z.string(),
  pid,
});
const hostFrame = z.object({
  t: z.literal('host'),
  hostname: z.string(),
  kernel: z.string(),
  arch: z.string(),
  bootId: z.string().nullable(),
  bootTime: z.number().nullable(),
  clockTicks: z.int().positive(),
  nsfsDevice: z.number().nullable(),
  initial: kindMapSchema,
  self: kindMapSchema,
  pidNamespaceInitial: z.boolean().nullable(),
  userNamespaceInitial: z.boolean().nullable(),
  cgroupVersion: z.union([z.literal(1), z.literal(2), z.literal('hybrid')]).nullable(),
  memory: z.number().nullable().default(null),
  cpus: z.int().nullable().default(null),
  lsms: z.string().nullable().default(null),
  vendor: z.string().nullable().default(null),
  product: z.string().nullable().default(null),
});
const processFrame = z.object({
  t: z.literal('process'),
  pid,
  startTime: startTimeSchema,
  ppid: pid,
  comm: z.string(),
  argv: z.array(z.string()),
  argvTruncated: z.boolean().optional(),
  uid: z.array(z.int()).length(4),
  gid: z.array(z.int()).length(4),
  nsPids: z.array(pid),
  state: z.string(),
  threads: z.int(),
  cgroup: z.string().nullable(),
  otherCgroups: z.array(z.string()).optional(),
  caps: z.object({ inh: z.string(), prm: z.string(), eff: z.string(), bnd: z.string(), amb: z.string() }).nullable(),
  seccomp: z.int().nullable(),
  noNewPrivs: z.boolean().nullable(),
  root: z.string().nullable(),
  kernelThread: z.boolean().optional(),
  namespaces: linkMapSchema,
  unreadable: z.boolean().optional(),
  threadNamespaces: z.array(z.object({ tid: pid, comm: z.string(), namespaces: linkMapSchema.partial() })).optional(),
});
const namespaceFrame = z.object({
  t: z.literal('namespace'),
  id,
  kind: z.enum(NAMESPACE_KINDS),
  inode: z.int().nonnegative(),
  device: z.number().nullable(),
  initial: z.boolean(),
  owner: nullableId,
  parent: nullableId,
  ownerUid: z.int().nullable(),
  uniqueId: z.string().nullable(),
  pins: z.array(pinSchema),
});
const endFrame = z.object({
  t: z.literal('end'),
  batch: z.int(),
  durationUs: z.number(),
  cpuUs: z.number(),
  processes: z.int(),
  unreadable: z.int(),
  vanished: z.int(),
  problems: z.array(problemSchema),
});

const frameSchema = z.discriminatedUnion('t', [
  helloFrame,
  hostFrame,
  processFrame,
  namespaceFrame,
  z.object({ t: z.literal('process-gone'), pid, startTime: startTimeSchema }),
  z.object({ t: z.literal('namespace-gone'), id }),
  endFrame,
  z.object({ t: z.literal('reply'), id: z.string(), error: z.string().optional(), message: z.string().optional() }),
]);

export type ProbeFrame = z.infer<typeof frameSchema>;
export type HostFrame = z.infer<typeof hostFrame>;
export type ProcessFrame = z.infer<typeof processFrame>;
export type NamespaceFrame = z.infer<typeof namespaceFrame>;
export type EndFrame = z.infer<typeof endFrame>;

/** A frame, or what was wrong with a line: one bad record is reported and costs no other. */
export type FrameOrProblem = ProbeFrame | { readonly t: 'problem'; readonly problem: Problem };

function problem(code: string, message: string): FrameOrProblem {
  return { t: 'problem', problem: { code, message, count: 1 } };
}

function parseLine(line: string): FrameOrProblem {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return problem('probe-line', t('The probe wrote a line that is not JSON; it was skipped.'));
  }
  const parsed = frameSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const where = issue?.path.map(String).join('.') ?? '';
  return problem(
    'probe-record',
    t('The probe wrote a record that does not fit its protocol (at "{where}"); it was skipped.', { where }),
  );
}

/**
 * Reads the probe's output from text in any chunking. Callers decode bytes with a streaming UTF-8 decoder first.
 * `push` returns what the chunk completed; an unfinished line waits for the next chunk.
 */
export function createFrameReader(): { push(chunk: string): FrameOrProblem[] } {
  const read = createLineReader(MAX_LINE);
  return {
    push: (chunk) =>
      read(chunk).flatMap((line) => {
        if (line === null)
          return problem('probe-line', t('The probe wrote a line of more than 8 MiB; it was skipped.'));
        return line === '' ? [] : parseLine(line);
      }),
  };
}
