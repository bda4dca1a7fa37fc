import * as z from 'zod';
import { type Capability, READING } from '#api/helper.ts';
import { unixReply } from '#core/detail/listeners.ts';
import { natReply } from '#core/detail/nat/reply.ts';
import { networkReply } from '#core/detail/network.ts';
import type { Texts } from '#core/detail/texts.ts';
import { createLineReader } from '#core/text/lines.ts';
import { usageReply } from '#core/usage/schema.ts';
import { stored } from '#core/words/stored.ts';
import { t } from '#core/words/words.ts';
import type { Connection } from '../engine/connection.ts';
import { EngineClient } from '../engine/engine.ts';
import { LINE_LIFE, launchProbe, type Work } from '../probe/launch.ts';
import { type Said, ToldError } from '../told.ts';

/** What the helper that answers questions may do beyond reading; it runs only while somebody asks. */
const JOINING: readonly Capability[] = [
  ...READING,
  { name: 'SYS_ADMIN', reason: 'to join a network, ipc or uts namespace and look from inside (setns(2))' },
  { name: 'NET_ADMIN', reason: 'to ask for the ids of other network namespaces (rtnetlink(7))' },
];

/** A helper that is asked and says nothing for so long hangs. */
const SILENCE_MS = 5_000;

const MIB = 1024 * 1024;
/** The longest answer that is read, in UTF-16 units: the rules of a firewall with 10,000 services are some 20 million. */
const LONGEST_REPLY = 64 * MIB;

const replySchema = z.object({
  t: z.literal('reply'),
  id: z.string(),
  error: z.string().optional(),
  message: z.string().optional(),
  texts: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string().nullable()), z.null()])).optional(),
  /** What a part of an answer is of; the last reply to a question has none. */
  of: z.string().optional(),
  network: networkReply.nullish(),
  nat: natReply.optional(),
  unix: unixReply.nullish(),
  holders: z.array(z.tuple([z.int(), z.int()])).optional(),
  count: z.int().optional(),
  usage: usageReply.optional(),
  connect: z
    .object({ connected: z.boolean(), error: z.string().nullable(), closed: z.boolean(), answered: z.boolean() })
    .optional(),
});
export type Reply = z.infer<typeof replySchema>;

/** There is no answer: `message` says why. */
export class DetailError extends ToldError {
  readonly code = 'detail';
}

export interface Service {
  /**
   * Asks one question; `onPart` gets what comes before the last reply of an answer in parts.
   * @throws DetailError when there is no answer
   */
  ask(words: readonly (string | number)[], onPart?: (part: Reply) => void): Promise<Reply>;
  close(): Promise<void>;
}

/** A running `serve`, and the only way to end it. */
interface Line {
  write(text: string): void;
  /** Ends it, whatever it is doing. */
  stop(): Promise<void>;
}

export type OpenLine = (onOutput: (chunk: Buffer) => void, onEnd: (reason: Said) => void) => Promise<Line>;

/** A path as a word of a question: nothing in it can end the word or the line. */
export function word(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

interface Question {
  resolve(reply: Reply): void;
  reject(error: Error): void;
  readonly onPart: ((part: Reply) => void) | undefined;
}

const idSchema = z.object({ id: z.string() });

/**
 * Questions and answers over one running `serve`. When it ends, or says nothing for `silenceMs` though it was asked, what
 * is open fails, it is ended, and `onEnd` is called once.
 */
export async function createService(open: OpenLine, onEnd: () => void, silenceMs = SILENCE_MS): Promise<Service> {
  const waiting = new Map<string, Question>();
  let silence: NodeJS.Timeout | undefined;
  let ended: Said | null = null;
  let next = 1;
  const decoder = new TextDecoder();
  const read = createLineReader(LONGEST_REPLY);

  const end = (reason: Said): void => {
    if (ended !== null) return;
    ended = reason;
    clearTimeout(silence);
    for (const { reject } of waiting.values()) reject(new DetailError(reason));
    waiting.clear();
    onEnd();
  };
  const listen = (): void => {
    clearTimeout(silence);
    if (waiting.size === 0 || ended !== null) return;
    silence = setTimeout(() => {
      end(() =>
        t('The probe did not answer for {seconds} s and was ended. Try again.', { seconds: silenceMs / 1_000 }),
      );
      void line.stop();
    }, silenceMs);
  };
  const take = (text: string): void => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      return;
    }
    const parsed = replySchema.safeParse(value);
    const id = parsed.success ? parsed.data.id : idSchema.safeParse(value).data?.id;
    const question = waiting.get(id ?? '');
    if (id === undefined || question === undefined) return;
    if (parsed.success && parsed.data.of !== undefined) {
      question.onPart?.(parsed.data);
      return;
    }
    waiting.delete(id);
    if (!parsed.success) question.reject(new DetailError(() => t('The probe’s answer does not fit its protocol.')));
    else if (parsed.data.error !== undefined) {
      const text = parsed.data.message ?? parsed.data.error;
      question.reject(new DetailError(() => stored(text)));
    } else question.resolve(parsed.data);
  };
  const line = await open((chunk) => {
    for (const text of read(decoder.decode(chunk, { stream: true }))) {
      if (text !== null) take(text);
      else {
        // Whose answer it would have been cannot be known.
        end(() => t('The probe’s answer is longer than {size} MiB and was not read.', { size: LONGEST_REPLY / MIB }));
        void line.stop();
      }
    }
    listen();
  }, end);
  // Podman lets the body of the request that attached through: this ends it.
  line.write('\n');
  return {
    ask([verb, ...rest], onPart) {
      const id = String(next++);
      return new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(new DetailError(ended));
          return;
        }
        waiting.set(id, { resolve, reject, onPart });
        if (waiting.size === 1) listen();
        line.write(`${[verb, id, ...rest].join(' ')}\n`);
      });
    },
    close() {
      end(() => t('The details were closed.'));
      return line.stop();
    },
  };
}

/** Starts the probe that answers questions; the connection is ended with it. */
export async function openLine(
  connection: Connection | null,
  privileged: boolean,
  ...[onOutput, onEnd]: Parameters<OpenLine>
): Promise<Line> {
  const work: Work = { purpose: 'detail', args: () => ['serve'], rights: JOINING, privileged, life: LINE_LIFE };
  try {
    const client = connection === null ? null : new EngineClient(connection);
    const place = client === null ? null : { client, engine: await client.describe() };
    const probe = await launchProbe(place, work, { onStdout: onOutput, onStderr: () => {}, onEnd });
    return {
      write: (text) => void probe.write(text),
      async stop() {
        await probe.stop();
        connection?.close();
      },
    };
  } catch (error) {
    connection?.close();
    throw error;
  }
}

export function plain(texts: Reply['texts']): Texts {
  return Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, text]) => [name, typeof text === 'string' ? text : null]),
  );
}
