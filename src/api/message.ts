import * as z from 'zod';
import { t } from '#core/words/words.ts';
import { type WireError, wireErrorSchema } from './contract.ts';

/** The longest message that either side reads, in UTF-16 units. A snapshot of 10,000 processes is about 12 million. */
export const MAX_MESSAGE_LENGTH = 64 * 1024 * 1024;

const id = z.int().positive();

const hello = z.object({ type: z.literal('hello'), contract: z.int() });

/** What the page sends. */
export const fromClientSchema = z.discriminatedUnion('type', [
  hello,
  z.object({ type: z.literal('request'), id, name: z.string(), params: z.unknown() }),
  z.object({ type: z.literal('subscribe'), id, name: z.string(), params: z.unknown() }),
  z.object({ type: z.literal('unsubscribe'), id }),
]);

/** What the inspector sends. */
export const fromServerSchema = z.discriminatedUnion('type', [
  hello,
  z.object({ type: z.literal('result'), id, result: z.unknown() }),
  z.object({ type: z.literal('event'), id, event: z.unknown() }),
  /** Ends the request or subscription of this id. */
  z.object({ type: z.literal('error'), id, error: wireErrorSchema }),
]);

export type FromClient = z.infer<typeof fromClientSchema>;
export type FromServer = z.infer<typeof fromServerSchema>;

export function tooLong(text: unknown): boolean {
  return typeof text === 'string' && text.length > MAX_MESSAGE_LENGTH;
}

/** A message as its schema sees it; null for anything else. Never throws, whatever the text is. */
export function parse<T>(schema: z.ZodType<T>, text: unknown): T | null {
  if (typeof text !== 'string') return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Where a value breaks its schema, in one line without the value itself. */
export function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'invalid';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

/**
 * A fault of a listener must not end the transport's dispatch, and must not be swallowed either: each host reports what
 * nobody caught, and goes on.
 */
export function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    void Promise.reject(error);
  }
}

export const tooLarge = (): WireError => ({
  code: 'too-large',
  message: t('It is too large to be passed between Bulkhead and its page. The command line has no such limit.'),
});

/** A message as text; null when the other side would not read it. */
export function packed(message: FromClient | FromServer): string | null {
  try {
    const text = JSON.stringify(message);
    return text.length > MAX_MESSAGE_LENGTH ? null : text;
  } catch (error) {
    // Longer than a string can be.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

export const otherVersion = (): WireError => ({
  code: 'contract-version',
  message: t(
    'The page and the inspector are of different versions of Bulkhead. Reload the page; if that does not help, start Bulkhead again.',
  ),
});
