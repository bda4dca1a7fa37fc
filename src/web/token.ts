import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import * as z from 'zod';

/** 32 random bytes, new at each start, in base64url: what a page must present before it is told anything. */
export function createToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Compares in a time that depends on neither content nor length: digests are of one length. */
export function sameToken(left: string, right: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(left), digest(right));
}

const tokenMessageSchema = z.object({ type: z.literal('token'), token: z.string() });

/** The token of a WebSocket's first message; null when the message is none. */
export function readTokenMessage(text: string): string | null {
  try {
    const parsed = tokenMessageSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data.token : null;
  } catch {
    return null;
  }
}

/** Counts wrong tokens: after `limit` of them within `windowMs`, nobody new may try until the window has passed. */
export interface TokenLimit {
  blocked(): boolean;
  wrong(): void;
}

/** @param now milliseconds that never go back */
export function createTokenLimit(limit: number, windowMs: number, now: () => number): TokenLimit {
  let recent: number[] = [];
  return {
    blocked() {
      const since = now() - windowMs;
      recent = recent.filter((time) => time > since);
      return recent.length >= limit;
    },
    wrong() {
      recent.push(now());
    },
  };
}
