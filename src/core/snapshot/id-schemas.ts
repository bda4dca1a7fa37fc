import * as z from 'zod';
import { NAMESPACE_KINDS } from './namespace.ts';

/** How processes, namespaces and containers are named, in snapshots, in what the probe tells, and in requests. */

export const pidSchema = z.int().nonnegative();

/** Clock ticks since boot: with the pid a process's identity. */
export const startTimeSchema = z.int().nonnegative();

export const namespaceIdSchema = z.string().regex(new RegExp(`^(${NAMESPACE_KINDS.join('|')}):\\[\\d+\\]$`));

const nullableId = namespaceIdSchema.nullable();

export const kindMapSchema = z.object({
  mnt: nullableId,
  pid: nullableId,
  net: nullableId,
  ipc: nullableId,
  uts: nullableId,
  user: nullableId,
  cgroup: nullableId,
  time: nullableId,
});

export const linkMapSchema = kindMapSchema.extend({ pid_for_children: nullableId, time_for_children: nullableId });

/** The whole id of a container, as engines give it. */
export const CONTAINER_ID = /^[0-9a-f]{64}$/;

/** A name as engines allow them; an id, or the start of one, is one too. */
export const CONTAINER_NAME = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/;
