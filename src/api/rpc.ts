import * as z from 'zod';
import { t } from '#core/words/words.ts';
import {
  type Client,
  CONTRACT_VERSION,
  type Handlers,
  type Port,
  type RequestName,
  type RequestParams,
  type RequestResult,
  requests,
  type SubscriptionEvent,
  type SubscriptionName,
  type SubscriptionParams,
  subscriptions,
  type WireError,
  wireErrorSchema,
} from './contract.ts';

/** The longest message that either side reads, in UTF-16 units. A snapshot of 10,000 processes is about 12 million. */
export const MAX_MESSAGE_LENGTH = 64 * 1024 * 1024;

/** Requests and subscriptions that one port may have open at a time; the page needs fewer than ten. */
export const MAX_OPEN_CALLS = 256;

/** How a call fails, on the caller's side. `code` is stable; `message` is for people and says what to do. */
export class ApiError extends Error {
  readonly code: string;

  constructor(error: WireError) {
    super(error.message);
    this.name = 'ApiError';
    this.code = error.code;
  }
}

const closed = (): WireError => ({
  code: 'closed',
  message: t('The connection to the inspector has ended. Reload the page, or start Bulkhead again.'),
});

const otherVersion = (): WireError => ({
  code: 'contract-version',
  message: t(
    'The page and the inspector are of different versions of Bulkhead. Reload the page; if that does not help, start Bulkhead again.',
  ),
});

/**
 * Any thrown value as it may cross a port: never a stack, never an object of somebody else's.
 * An error without a `code` of its own is a fault of ours and says so.
 */
export function toWireError(thrown: unknown): WireError {
  try {
    if (thrown instanceof Error) {
      const code = (thrown as { code?: unknown }).code;
      const message = String(thrown.message);
      return typeof code === 'string'
        ? { code, message }
        : { code: 'internal', message: t('Bulkhead failed: {why}', { why: message }) };
    }
    return { code: 'internal', message: t('Bulkhead failed: {why}', { why: String(thrown) }) };
  } catch {
    return { code: 'internal', message: t('Bulkhead failed and could not say why.') };
  }
}

const id = z.int().positive();

const hello = z.object({ type: z.literal('hello'), contract: z.int() });

/** What the page sends. */
const fromClientSchema = z.discriminatedUnion('type', [
  hello,
  z.object({ type: z.literal('request'), id, name: z.string(), params: z.unknown() }),
  z.object({ type: z.literal('subscribe'), id, name: z.string(), params: z.unknown() }),
  z.object({ type: z.literal('unsubscribe'), id }),
]);

/** What the inspector sends. */
const fromServerSchema = z.discriminatedUnion('type', [
  hello,
  z.object({ type: z.literal('result'), id, result: z.unknown() }),
  z.object({ type: z.literal('event'), id, event: z.unknown() }),
  /** Ends the request or subscription of this id. */
  z.object({ type: z.literal('error'), id, error: wireErrorSchema }),
]);

type FromClient = z.infer<typeof fromClientSchema>;
type FromServer = z.infer<typeof fromServerSchema>;

function tooLong(text: unknown): boolean {
  return typeof text === 'string' && text.length > MAX_MESSAGE_LENGTH;
}

/** A message as its schema sees it; null for anything else. Never throws, whatever the text is. */
function parse<T>(schema: z.ZodType<T>, text: unknown): T | null {
  if (typeof text !== 'string') return null;
  try {
    const parsed = schema.safeParse(JSON.parse(text));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}

/** Where a value breaks its schema, in one line without the value itself. */
function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0];
  if (issue === undefined) return 'invalid';
  const path = issue.path.map(String).join('.');
  return path === '' ? issue.message : `${path}: ${issue.message}`;
}

/**
 * A fault of a listener must not end the transport's dispatch, and must not be swallowed either: each host reports what
 * nobody caught, and goes on.
 */
function guarded(run: () => void): void {
  try {
    run();
  } catch (error) {
    void Promise.reject(error);
  }
}

const tooLarge = (): WireError => ({
  code: 'too-large',
  message: t('It is too large to be passed between Bulkhead and its page. The command line has no such limit.'),
});

/** A message as text; null when the other side would not read it. */
function packed(message: FromClient | FromServer): string | null {
  try {
    const text = JSON.stringify(message);
    return text.length > MAX_MESSAGE_LENGTH ? null : text;
  } catch (error) {
    // Longer than a string can be.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

interface PendingRequest {
  readonly type: 'request';
  readonly name: RequestName;
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: ApiError) => void;
}

interface PendingSubscription {
  readonly type: 'subscribe';
  readonly name: SubscriptionName;
  readonly onEvent: (event: unknown) => void;
  readonly onEnd: ((error: WireError) => void) | undefined;
}

/**
 * The caller's side of the contract above a port. Calls may be made at once; they fail with code `closed` when the port
 * ends, `contract-version` when the other side speaks another version, `bad-reply` when its answer breaks the contract.
 */
export function createClient(port: Port): Client {
  const pending = new Map<number, PendingRequest | PendingSubscription>();
  let lastId = 0;
  /** Why no further call can succeed; null while the port is open. */
  let ended: WireError | null = null;

  function send(message: FromClient): void {
    try {
      const text = packed(message);
      if (text !== null) port.send(text);
      else if ('id' in message) settle(message.id, tooLarge());
    } catch {
      end(closed());
    }
  }

  function fail(call: PendingRequest | PendingSubscription, error: WireError): void {
    if (call.type === 'request') call.reject(new ApiError(error));
    else guarded(() => call.onEnd?.(error));
  }

  function end(reason: WireError): void {
    if (ended !== null) return;
    ended = reason;
    const calls = [...pending.values()];
    pending.clear();
    for (const call of calls) fail(call, reason);
    port.close();
  }

  function settle(callId: number, error: WireError): void {
    const call = pending.get(callId);
    if (call === undefined) return;
    pending.delete(callId);
    fail(call, error);
  }

  function badReply(name: string, error: z.ZodError): WireError {
    return {
      code: 'bad-reply',
      message: t(
        "The inspector's answer to {name} is not understood ({why}). Reload the page; if it stays, report it.",
        { name, why: firstIssue(error) },
      ),
    };
  }

  port.onMessage((text) => {
    if (ended !== null) return;
    // Whose it was cannot be known: what comes after it may build on it.
    if (tooLong(text)) return end(tooLarge());
    const message = parse<FromServer>(fromServerSchema, text);
    if (message === null) return;
    if (message.type === 'hello') {
      if (message.contract !== CONTRACT_VERSION) end(otherVersion());
      return;
    }
    if (message.type === 'error') {
      settle(message.id, message.error);
      return;
    }
    const call = pending.get(message.id);
    if (call === undefined) return;
    if (message.type === 'result') {
      if (call.type !== 'request') return;
      const result = requests[call.name].result.safeParse(message.result);
      if (!result.success) {
        settle(message.id, badReply(call.name, result.error));
        return;
      }
      pending.delete(message.id);
      call.resolve(result.data);
      return;
    }
    if (call.type !== 'subscribe') return;
    const event = subscriptions[call.name].event.safeParse(message.event);
    if (event.success) {
      guarded(() => call.onEvent(event.data));
      return;
    }
    // One lost change would make every later one wrong: the subscription ends, and the subscriber starts afresh.
    send({ type: 'unsubscribe', id: message.id });
    settle(message.id, badReply(call.name, event.error));
  });
  port.onClose(() => end(closed()));
  send({ type: 'hello', contract: CONTRACT_VERSION });

  return {
    request<N extends RequestName>(name: N, params: RequestParams<N>): Promise<RequestResult<N>> {
      return new Promise((resolve, reject) => {
        if (ended !== null) {
          reject(new ApiError(ended));
          return;
        }
        lastId += 1;
        pending.set(lastId, {
          type: 'request',
          name,
          resolve: (result) => resolve(result as RequestResult<N>),
          reject,
        });
        send({ type: 'request', id: lastId, name, params });
      });
    },
    subscribe<N extends SubscriptionName>(
      name: N,
      params: SubscriptionParams<N>,
      onEvent: (event: SubscriptionEvent<N>) => void,
      onEnd?: (error: WireError) => void,
    ): () => void {
      if (ended !== null) {
        const reason = ended;
        let wanted = true;
        // Later, as on an open port: the caller has not got its function to unsubscribe yet.
        void Promise.resolve().then(() => {
          if (wanted) onEnd?.(reason);
        });
        return () => {
          wanted = false;
        };
      }
      lastId += 1;
      const own = lastId;
      pending.set(own, {
        type: 'subscribe',
        name,
        onEvent: (event) => onEvent(event as SubscriptionEvent<N>),
        onEnd,
      });
      send({ type: 'subscribe', id: own, name, params });
      return () => {
        if (pending.delete(own) && ended === null) send({ type: 'unsubscribe', id: own });
      };
    },
    close(): void {
      // The caller ends its own subscriptions: only requests have somebody waiting.
      for (const [callId, call] of pending) if (call.type === 'subscribe') pending.delete(callId);
      end(closed());
    },
  };
}

/**
 * Answers one port from the handlers until it ends; then every subscription that it held is ended. Whatever arrives,
 * nothing is thrown: what is not a message of the contract is dropped, what is one and wrong gets an error reply.
 */
export function serve(port: Port, handlers: Handlers): void {
  /** Open calls; a request has nothing to stop. */
  const open = new Map<number, () => void>();
  let closed = false;
  let greeted = false;

  function send(message: FromServer): void {
    if (closed) return;
    try {
      const text = packed(message);
      if (text !== null) port.send(text);
      else if ('id' in message) refuseLarge(message.id);
    } catch {
      end();
    }
  }

  /** One lost change would make every later one wrong: what is too large ends its call, and says so. */
  function refuseLarge(callId: number): void {
    const stop = open.get(callId);
    open.delete(callId);
    if (stop !== undefined) guarded(stop);
    send({ type: 'error', id: callId, error: tooLarge() });
  }

  function end(): void {
    if (closed) return;
    closed = true;
    const stops = [...open.values()];
    open.clear();
    for (const stop of stops) guarded(stop);
    port.close();
  }

  function refuse(callId: number, code: string, message: string): void {
    send({ type: 'error', id: callId, error: { code, message } });
  }

  function request(callId: number, name: RequestName, params: unknown): void {
    const parsed = requests[name].params.safeParse(params);
    if (!parsed.success) {
      refuse(
        callId,
        'bad-request',
        t('The request {name} is not understood: {why}.', { name, why: firstIssue(parsed.error) }),
      );
      return;
    }
    open.set(callId, () => {});
    // The table's type ties each name to its own parameters; for a name known only now, the schema has just done so.
    const handler = handlers.request[name] as (value: unknown) => Promise<unknown>;
    const answer = async (): Promise<FromServer> => {
      try {
        return { type: 'result', id: callId, result: await handler(parsed.data) };
      } catch (error) {
        return { type: 'error', id: callId, error: toWireError(error) };
      }
    };
    void answer().then((message) => {
      if (open.delete(callId)) send(message);
    });
  }

  function subscribe(callId: number, name: SubscriptionName, params: unknown): void {
    const parsed = subscriptions[name].params.safeParse(params);
    if (!parsed.success) {
      refuse(
        callId,
        'bad-request',
        t('The subscription {name} is not understood: {why}.', { name, why: firstIssue(parsed.error) }),
      );
      return;
    }
    let wanted = true;
    let stop: (() => void) | null = null;
    open.set(callId, () => {
      wanted = false;
      stop?.();
    });
    const handler = handlers.subscribe[name] as (value: unknown, emit: (event: unknown) => void) => () => void;
    try {
      stop = handler(parsed.data, (event) => {
        if (wanted) send({ type: 'event', id: callId, event });
      });
      // The port may have ended while the handler was starting.
      if (!wanted) guarded(stop);
    } catch (error) {
      wanted = false;
      open.delete(callId);
      send({ type: 'error', id: callId, error: toWireError(error) });
    }
  }

  port.onMessage((text) => {
    if (closed) return;
    // The call in it would wait for an answer for ever.
    if (tooLong(text)) return end();
    const message = parse<FromClient>(fromClientSchema, text);
    if (message === null) return;
    if (message.type === 'hello') {
      greeted = message.contract === CONTRACT_VERSION;
      send({ type: 'hello', contract: CONTRACT_VERSION });
      return;
    }
    if (message.type === 'unsubscribe') {
      const stop = open.get(message.id);
      open.delete(message.id);
      if (stop !== undefined) guarded(stop);
      return;
    }
    // An answer to an id that is already in use would be taken for the answer to the call that holds it.
    if (open.has(message.id)) return;
    if (!greeted) {
      refuse(message.id, otherVersion().code, otherVersion().message);
      return;
    }
    if (open.size >= MAX_OPEN_CALLS) {
      refuse(
        message.id,
        'too-many',
        t('Too many calls are open at once. Wait for some to finish, or reload the page.'),
      );
      return;
    }
    const table = message.type === 'request' ? requests : subscriptions;
    // Own properties only: `constructor` and `__proto__` are names that the page may send too.
    if (!Object.hasOwn(table, message.name)) {
      refuse(message.id, 'unknown-call', t('The inspector does not know this call. Reload the page.'));
      return;
    }
    if (message.type === 'request') request(message.id, message.name as RequestName, message.params);
    else subscribe(message.id, message.name as SubscriptionName, message.params);
  });
  port.onClose(end);
}
