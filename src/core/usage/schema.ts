import * as z from 'zod';
import { startTimeSchema } from '../snapshot/id-schemas.ts';

const amount = z.number().nonnegative().nullable();

/** What a cgroup uses, all below it counted too. Bytes, microseconds and numbers; null where the kernel does not say. */
const cgroupUsageSchema = z.object({
  /** As the kernel counts against the limit: with file cache, and on cgroup v2 with the kernel's part. */
  memory: amount,
  /** Memory of programs that is in no file: it can only be swapped. */
  anonymous: amount,
  /** Shared memory and tmpfs: in files that are on no disk. */
  shared: amount,
  /** Content of files on disks. */
  fileCache: amount,
  /** File cache that was not used lately: what `docker stats` leaves out, since it can go at once. */
  reclaimable: amount,
  kernel: amount,
  swap: amount,
  /** The smallest limit on the way up to the root. */
  memoryLimit: amount,
  /** The cgroup that sets it. */
  limitSetBy: z.string().nullable(),
  oomKills: amount,
  /** Percent of the last 10 s in which a task of it waited for memory (PSI, some avg10). */
  memoryPressure: amount,
  cpuMicroseconds: amount,
  throttledMicroseconds: amount,
  /** Tasks: threads, not processes. */
  tasks: amount,
  tasksLimit: amount,
  readBytes: amount,
  writtenBytes: amount,
});

const machineUsageSchema = z.object({
  /** Bytes that the kernel manages; a little of the machine's memory is its own and in no number. */
  total: z.number(),
  free: z.number(),
  /** What programs could have without swapping, as the kernel estimates it. */
  available: z.number(),
  anonymous: z.number(),
  shared: z.number(),
  fileCache: z.number(),
  /** The kernel's own, by what it is for. */
  kernel: z.array(z.object({ name: z.string(), bytes: z.number() })),
  /** Of the kernel's own, what it would give back. */
  kernelReclaimable: z.number(),
  swapTotal: z.number(),
  swapUsed: z.number(),
  cpus: z.int(),
  /** Time of all processors since boot, in clock ticks. */
  busyTicks: z.number(),
  idleTicks: z.number(),
  oomKills: z.number().nullable(),
  /** Percent of the last 10 s in which some task waited (PSI, some avg10); null where the kernel does not count it. */
  pressure: z.object({ cpu: amount, memory: amount, io: amount }),
});

/** Bytes through the links of a network namespace so far. */
const networkUsageSchema = z.object({ received: z.number().nonnegative(), sent: z.number().nonnegative() });

/** What everything had used at one moment. Two of them tell how fast. */
export const usageSampleSchema = z.object({
  /** Milliseconds of a clock that only goes forward. */
  at: z.number(),
  machine: machineUsageSchema,
  /** By the key of a group; groups without a cgroup of their own are not here. */
  groups: z.record(z.string(), cgroupUsageSchema),
  /** By the id of a network namespace, those of containers; what could not be read is not here. */
  networks: z.record(z.string(), networkUsageSchema).default({}),
  processes: z.array(
    z.object({
      pid: z.int(),
      startTime: startTimeSchema,
      /** Clock ticks. */
      cpu: z.number(),
      /** Resident bytes, those that it shares with others counted whole. */
      resident: z.number(),
      readBytes: amount,
      writtenBytes: amount,
    }),
  ),
});

export type CgroupUsage = z.infer<typeof cgroupUsageSchema>;
export type NetworkUsage = z.infer<typeof networkUsageSchema>;
export type MachineUsage = z.infer<typeof machineUsageSchema>;
export type UsageSample = z.infer<typeof usageSampleSchema>;

/** The probe's answer to `usage`, as native/probe/README.md has it. */
export const usageReply = z.object({
  pageSize: z.int().positive(),
  processes: z.array(z.tuple([z.int(), z.number(), z.number(), z.number(), amount, amount])),
});
