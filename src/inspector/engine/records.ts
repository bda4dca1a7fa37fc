import * as z from 'zod';
import { parseContainer } from '#core/parse/container.ts';
import { CONTAINER_ID } from '#core/snapshot/id-schemas.ts';
import type { Container } from '#core/snapshot/snapshot.ts';

/** The id of a container, as the engine gives it. */
export const containerId = z.string().regex(CONTAINER_ID);

export const progressSchema = z.object({ error: z.string().optional() });
export const imageSchema = z.object({ Id: z.string(), RepoTags: z.array(z.string()).nullish() });
export const labelledSchema = z.object({
  Id: containerId,
  Labels: z.record(z.string(), z.string()).nullish(),
  State: z.string().nullish().catch(null),
  Created: z.number().nullish().catch(null),
});
const listedSchema = z.object({
  Id: containerId,
  Names: z.array(z.string()).nullish(),
  Image: z.string().nullish(),
  State: z.string().nullish(),
  Labels: z.record(z.string(), z.string()).nullish(),
});
export const environmentSchema = z.object({ Config: z.object({ Env: z.array(z.string()).nullish() }) });
export const execSchema = z.object({ Running: z.boolean().nullish(), ExitCode: z.int().nullish() });

/** As much of a container as the list says. */
export function fromList(item: unknown): Container | null {
  const parsed = listedSchema.safeParse(item).data;
  if (parsed === undefined) return null;
  const { Id, Names, Image, State, Labels } = parsed;
  return parseContainer({
    Id,
    Name: Names?.[0] ?? Id.slice(0, 12),
    Config: { Image, Labels },
    State: { Status: State },
  });
}

/** The records of a list that are what they should be. */
export function records<T>(schema: z.ZodType<T>, list: unknown): T[] {
  if (!Array.isArray(list)) return [];
  return list.flatMap((item) => schema.safeParse(item).data ?? []);
}

export function jsonOrNull(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return null;
  }
}
