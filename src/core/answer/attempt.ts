import * as z from 'zod';

/** Where a connection is meant to go. */
export const destinationSchema = z.object({
  address: z.union([z.ipv4(), z.ipv6()]),
  port: z.int().min(1).max(65_535),
  protocol: z.enum(['tcp', 'udp']),
});
export type Destination = z.infer<typeof destinationSchema>;

/** How one real attempt ended. */
export const attemptSchema = z.object({
  connected: z.boolean(),
  /** The system's words, or what is to be known about it. */
  error: z.string().nullable(),
});
export type Attempt = z.infer<typeof attemptSchema>;
