import type * as z from 'zod';
import { t } from '#core/words/words.ts';
import {
  type Client,
  CONTRACT_VERSION,
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
} from './contract.ts';
import {
  type FromClient,
  type FromServer,
  firstIssue,
  fromServerSchema,
  guarded,
  otherVersion,
  packed,
  parse,
  tooLarge,
  tooLong,
} from './message.ts';

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
    // A message that cannot be read may belong to any call, and later ones may build on it.
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
        // Later, as on an open port: the caller does not have the function to unsubscribe yet.
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
