import { request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { stringify } from 'node:querystring';
import type { Duplex } from 'node:stream';
import { inEnglish } from '#core/words/language.ts';
import { t } from '#core/words/words.ts';
import { errorCode } from '../endpoint/system.ts';
import { errorText } from '../told.ts';
import type { Connection } from './connection.ts';
import { EngineError, refusedRequest } from './engine-error.ts';
import { explainFailure } from './failure.ts';
import type { PingAnswer } from './negotiate.ts';

/** Ids are too long for a sentence. */
const ID = /[0-9a-f]{64}/;

/** What dockerode asks of its modem. Source: dockerode lib/*.js, `optsf`. */
export interface Dial {
  /** Ends with `?` where the options go into the query. */
  readonly path: string;
  readonly method: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** Where true, the answer is given as it arrives. */
  readonly isStream?: boolean;
  /** Takes the connection over after the answer. */
  readonly hijack?: boolean;
  /** The request's body. */
  readonly file?: Buffer;
  readonly statusCodes: Readonly<Record<number, unknown>>;
}

/** The longest answer that is read whole, in bytes: a list of 10,000 containers is about 20 million. */
const MAX_BODY = 64 * 1024 * 1024;
/** As much of a refusal as can hold its reason, in bytes. */
const MAX_REFUSAL = 64 * 1024;
const MAX_PING = 4_096;

/**
 * Milliseconds until an answer is there: whole where it is read whole, else its head. A healthy engine needs a fraction.
 * What stops waits for the container's own time to stop, which its maker chose.
 */
const LIMITS: readonly (readonly [RegExp, number])[] = [
  [/^\/_ping$/, 8_000],
  [/^\/containers\/[^/]+\/json$/, 8_000],
  [/^\/containers\/[^/]+\/(stop|restart)$/, 600_000],
  [/^\/images\/create$/, 120_000],
  [/^\/containers\/(create|[^/]+\/start)$/, 60_000],
];
const LIMIT = 20_000;

function query(options: Readonly<Record<string, unknown>>): string {
  const flat = Object.entries(options).map(([key, value]): [string, string | string[]] => {
    if (Array.isArray(value)) return [key, value.map(String)];
    return [key, typeof value === 'object' ? JSON.stringify(value) : String(value)];
  });
  return stringify(Object.fromEntries(flat));
}

/**
 * A body as text.
 * @param cut true to give what came up to the limit; else a longer one is an error
 */
function readAll(answer: IncomingMessage, limit: number, cut = false): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const done = (): void => resolve(Buffer.concat(chunks).toString());
    answer.on('data', (chunk: Buffer) => {
      length += chunk.length;
      chunks.push(chunk);
      if (length <= limit) return;
      answer.destroy();
      if (cut) done();
      else {
        reject(
          new EngineError(
            () => t('The answer is longer than {size} MiB and was not read.', { size: limit / 1024 / 1024 }),
            null,
          ),
        );
      }
    });
    answer.on('error', reject);
    answer.on('end', done);
    answer.on('close', () =>
      reject(new EngineError(() => t('The connection was lost in the middle of an answer.'), null)),
    );
  });
}

/**
 * Sends requests to one engine, in the place of docker-modem, which follows redirects, reads without end and knows no
 * limit of time. Whatever an engine answers, or what pretends to be one, it ends in a value or an EngineError.
 */
export class Transport {
  /** Of dockerode's contract with its modem. */
  Promise: PromiseConstructor = Promise;
  /** Goes before every path, for example `v1.44`; null until it is agreed on. */
  version: string | null = null;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** dockerode calls it as docker-modem's. */
  dial(dial: Dial, callback: (error: unknown, data?: unknown) => void): void {
    this.#ask(dial).then(
      (data) => callback(null, data),
      (error: unknown) => callback(error),
    );
  }

  /** `GET /_ping` without a version: whatever answers, with the start of its body. */
  ping(): Promise<PingAnswer> {
    const path = '/_ping';
    return this.#within(path, async (signal) => {
      const { answer } = await this.#open({ path, method: 'GET', statusCodes: {} }, path, signal);
      return { status: answer.statusCode ?? 0, headers: answer.headers, body: await readAll(answer, MAX_PING, true) };
    });
  }

  /** Sends a root file system and gives what the engine says of it. */
  async importImage(file: Buffer, options: Readonly<Record<string, unknown>>): Promise<string> {
    const path = '/images/create';
    return this.#within(path, async (signal) => {
      const dial = { path: `${path}?`, method: 'POST', options, file, statusCodes: {} };
      const { answer } = await this.#open(dial, this.#versioned(path), signal);
      const status = answer.statusCode ?? 0;
      if (status !== 200) throw refusedRequest('POST', path, status, await readAll(answer, MAX_REFUSAL, true));
      return readAll(answer, MAX_REFUSAL);
    });
  }

  #versioned(path: string): string {
    return this.version === null ? path : `/${this.version}${path}`;
  }

  #ask(dial: Dial): Promise<unknown> {
    const path = dial.path.replace(/\?.*$/, '');
    return this.#within(path, async (signal) => {
      const { answer, socket } = await this.#open(dial, this.#versioned(path), signal);
      if (socket !== null) return socket;
      const status = answer.statusCode ?? 0;
      if (dial.statusCodes[status] !== true) {
        throw refusedRequest(dial.method, path, status, await readAll(answer, MAX_REFUSAL, true));
      }
      if (dial.hijack === true) {
        answer.destroy();
        throw new EngineError(
          () => t('Something in front of the engine does not let connections be taken over (no 101).'),
          status,
        );
      }
      if (dial.isStream === true) return answer;
      return understood(dial.method, path, await readAll(answer, MAX_BODY));
    });
  }

  /** Runs what asks the engine, and ends it when it takes too long. */
  async #within<T>(path: string, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const limit = LIMITS.find(([pattern]) => pattern.test(path))?.[1] ?? LIMIT;
    const control = new AbortController();
    const timer = setTimeout(() => control.abort(), limit);
    try {
      return await work(control.signal);
    } catch (error) {
      if (control.signal.aborted) {
        throw new EngineError(
          () =>
            t('The engine did not answer {path} within {seconds} s. Restart it if that stays so.', {
              path: path.replace(ID, '…'),
              seconds: limit / 1000,
            }),
          null,
          'ETIMEDOUT',
        );
      }
      if (error instanceof EngineError) throw error;
      const code = errorCode(error);
      const text = inEnglish(() => errorText(error));
      const around = await this.#connection.surroundings().catch(() => null);
      const { address } = this.#connection;
      throw new EngineError(() => explainFailure({ text, code, address, around }), null, code);
    } finally {
      clearTimeout(timer);
    }
  }

  #open(
    dial: Dial,
    path: string,
    signal: AbortSignal,
  ): Promise<{ readonly answer: IncomingMessage; readonly socket: Duplex | null }> {
    const { agent, headers, route } = this.#connection;
    const inQuery = dial.path.endsWith('?');
    const { _query, _body, ...rest } = dial.options ?? {};
    const asked = inQuery ? query((_query ?? rest) as Readonly<Record<string, unknown>>) : '';
    const json =
      dial.method === 'POST' && dial.file === undefined ? (_body ?? (inQuery ? undefined : rest)) : undefined;
    const body = dial.file ?? (json === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(json)));
    const options: RequestOptions = {
      ...('socketPath' in route ? { socketPath: route.socketPath } : { host: route.host, port: route.port }),
      agent,
      signal,
      method: dial.method,
      path: asked === '' ? path : `${path}?${asked}`,
      headers: {
        ...headers,
        ...(dial.method === 'POST' ? { 'Content-Length': body.length } : {}),
        ...(dial.file !== undefined ? { 'Content-Type': 'application/x-tar' } : {}),
        ...(json !== undefined ? { 'Content-Type': 'application/json' } : {}),
        ...(dial.hijack === true ? { Connection: 'Upgrade', Upgrade: 'tcp' } : {}),
      },
    };
    return new Promise((resolve, reject) => {
      const send = 'protocol' in route && route.protocol === 'https' ? httpsRequest : httpRequest;
      const request = send(options);
      request.on('response', (answer) => resolve({ answer, socket: null }));
      // Also where it was not asked for: nobody would be told of it otherwise, and the process would end in silence.
      request.on('upgrade', (answer, socket, head) => {
        socket.on('error', () => {});
        if (dial.hijack === true) {
          if (head.length > 0) socket.unshift(head);
          resolve({ answer, socket });
          return;
        }
        socket.destroy();
        reject(
          new EngineError(
            () => t('What answers there is not a Docker engine: it switches protocols without being asked.'),
            null,
          ),
        );
      });
      request.on('error', reject);
      request.on('close', () => reject(new EngineError(() => t('The connection was closed without an answer.'), null)));
      request.end(body);
    });
  }
}

function understood(method: string, path: string, text: string): unknown {
  if (text.trim() === '') return {};
  let value: unknown = null;
  try {
    value = JSON.parse(text);
  } catch {
    // Said below.
  }
  if (typeof value === 'object' && value !== null) return value;
  throw new EngineError(
    () =>
      t('The answer to {request} is not what an engine says. Check what answers there.', {
        request: `${method} ${path.replace(ID, '…')}`,
      }),
    null,
  );
}
