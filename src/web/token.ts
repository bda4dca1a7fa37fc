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

const proofSchema = z.union([
  z.object({ type: z.literal('token'), token: z.string() }),
  z.object({ type: z.literal('code'), code: z.string() }),
]);

/** What a page shows first: the token, or a code that is good for one page, once. */
export type Proof = z.infer<typeof proofSchema>;

/** The proof in a WebSocket's first message; null when the message is none. */
export function readProof(text: string): Proof | null {
  try {
    const parsed = proofSchema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Codes that are good once, for a limited time. */
export interface OneTimeCodes {
  /** `settled` comes when the code was used, or is too old to be: then it is worth nothing. */
  offer(withinMs: number): { readonly code: string; readonly settled: Promise<void> };
  /** True once for a code that was offered and is not too old. */
  use(code: string): boolean;
}

export function createOneTimeCodes(): OneTimeCodes {
  const open = new Map<string, () => void>();
  return {
    offer(withinMs) {
      const code = createToken();
      const settled = new Promise<void>((resolve) => {
        const settle = (): void => {
          clearTimeout(timer);
          open.delete(code);
          resolve();
        };
        const timer = setTimeout(settle, withinMs);
        timer.unref();
        open.set(code, settle);
      });
      return { code, settled };
    },
    use(code) {
      for (const [offered, settle] of open) {
        if (!sameToken(offered, code)) continue;
        settle();
        return true;
      }
      return false;
    },
  };
}
