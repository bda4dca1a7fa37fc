import * as z from 'zod';
import { startTimeSchema } from '../snapshot/id-schemas.ts';
import {
  containerSchema,
  engineSchema,
  hostSchema,
  namespaceSchema,
  probeSchema,
  processSchema,
} from '../snapshot/snapshot.ts';

/**
 * What changed between two snapshots. Records are replaced whole; `pids` of namespaces is left out because it follows
 * from the processes, so that one new process does not resend the whole member list of the initial namespaces.
 */
export const patchSchema = z.object({
  takenAt: z.string(),
  engine: engineSchema.nullable().optional(),
  host: hostSchema.optional(),
  probe: probeSchema.nullable().optional(),
  processes: z.object({
    upsert: z.array(processSchema),
    /** Identities of processes that are gone. A pid that was reused is an upsert of the new process only. */
    remove: z.array(z.object({ pid: z.int().nonnegative(), startTime: startTimeSchema })),
  }),
  namespaces: z.object({ upsert: z.array(namespaceSchema.omit({ pids: true })), remove: z.array(z.string()) }),
  containers: z.object({ upsert: z.array(containerSchema), remove: z.array(z.string()) }),
});

export type Patch = z.infer<typeof patchSchema>;
