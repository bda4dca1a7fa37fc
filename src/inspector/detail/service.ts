import { spawn } from 'node:child_process';
import * as z from 'zod';
import { natReply } from '#core/detail/nat.ts';
import { networkReply } from '#core/detail/network.ts';
import type { Texts } from '#core/detail/texts.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import type { Connection } from '../engine/connection.ts';
import { EngineClient } from '../engine/engine.ts';
import { ProbeMissingError, probeArch, readProbe } from '../probe/binary.ts';
import { type Capability, READING, readingRungs, startHelper, worksHere } from '../probe/helper.ts';

/** What the helper that answers questions may do beyond reading; it runs only while somebody asks. */
const JOINING: readonly Capability[] = [
  ...READING,
  { name: 'SYS_ADMIN', reason: 'to join a network, ipc or uts namespace and look from inside (setns(2))' },
  { name: 'NET_ADMIN', reason: 'to ask for the ids of other network namespaces (rtnetlink(7))' },
];

/** No answer is as slow as that; the helper hangs. */
const ANSWER_MS = 5_000;

const replySchema = z.object({
  t: z.literal('reply'),
  id: z.string(),
  error: z.string().optional(),
  message: z.string().optional(),
  texts: z.record(z.string(), z.union([z.string(), z.record(z.string(), z.string().nullable()), z.null()])).optional(),
  network: networkReply.nullish(),
  nat: natReply.optional(),
  sockets: z.array(z.tuple([z.int(), z.int()])).optional(),
});
type Reply = z.infer<typeof replySchema>;

/** There is no answer: `message` says why. */
export class DetailError extends Error {
  readonly code = 'detail';
}

export interface Service {
  ask(words: readonly (string | number)[]): Promise<Reply>;
  close(): Promise<void>;
}

interface Line {
  write(text: string): void;
  stop(): Promise<void>;
}

export type OpenLine = (onOutput: (chunk: Buffer) => void, onEnd: (reason: string) => void) => Promise<Line>;

/** A path as a word of a question: nothing in it can end the word or the line. */
export function word(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/');
}

/** Questions and answers over one running `serve`; what is open when it ends fails. */
export async function createService(open: OpenLine, onEnd: () => void): Promise<Service> {
  const waiting = new Map<string, { resolve(reply: Reply): void; reject(error: Error): void }>();
  let pending = '';
  let next = 1;
  const decoder = new TextDecoder();
  const failAll = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new DetailError(reason));
    waiting.clear();
    onEnd();
  };
  const line = await open((chunk) => {
    const lines = (pending + decoder.decode(chunk, { stream: true })).split('\n');
    pending = lines.pop() ?? '';
    for (const text of lines) {
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        continue;
      }
      const parsed = replySchema.safeParse(value);
      if (!parsed.success) continue;
      waiting.get(parsed.data.id)?.resolve(parsed.data);
    }
  }, failAll);
  // Podman lets the body of the request that attached through: this ends it.
  line.write('\n');
  return {
    ask(words) {
      const id = String(next++);
      const [verb, ...rest] = words;
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiting.delete(id);
          reject(new DetailError('The probe did not answer within 5 s. Try again.'));
        }, ANSWER_MS);
        const settle = (run: () => void): void => {
          clearTimeout(timer);
          waiting.delete(id);
          run();
        };
        waiting.set(id, {
          resolve: (reply) =>
            settle(() => {
              if (reply.error === undefined) resolve(reply);
              else reject(new DetailError(reply.message ?? reply.error));
            }),
          reject: (error) => settle(() => reject(error)),
        });
        line.write(`${[verb, id, ...rest].join(' ')}\n`);
      });
    },
    close: () => line.stop(),
  };
}

export async function openHelper(connection: Connection, ...[onOutput, onEnd]: Parameters<OpenLine>): Promise<Line> {
  let engine: Engine | null = null;
  try {
    const client = new EngineClient(connection);
    engine = await client.describe();
    const helper = await startHelper(
      client,
      engine,
      { purpose: 'detail', args: ['serve'], rungs: readingRungs(engine, JOINING) },
      { onOutput: (chunk, stream) => stream === 'stdout' && onOutput(chunk), onEnd },
    );
    return {
      write: (text) => void helper.write(text),
      async stop() {
        await helper.stop();
        connection.close();
      },
    };
  } catch (error) {
    connection.close();
    if (engine !== null && worksHere(error, engine)) return openHere(onOutput, onEnd);
    throw error;
  }
}

export async function openHere(...[onOutput, onEnd]: Parameters<OpenLine>): Promise<Line> {
  const arch = probeArch(process.arch);
  if (arch === null) throw new ProbeMissingError(`There is no probe for ${process.arch} machines.`);
  const { path } = await readProbe(arch);
  const child = spawn(path, ['serve'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.stdin.on('error', () => {});
  child.stdout.on('data', onOutput);
  child.on('error', (error) => onEnd(error.message));
  child.on('close', () => onEnd('The probe ended. Try again.'));
  return {
    write: (text) => void child.stdin.write(text),
    async stop() {
      child.stdin.end();
    },
  };
}

export function plain(texts: Reply['texts']): Texts {
  return Object.fromEntries(
    Object.entries(texts ?? {}).map(([name, text]) => [name, typeof text === 'string' ? text : null]),
  );
}
