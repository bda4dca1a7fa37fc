import { t } from '#core/words/words.ts';
import {
  CONTRACT_VERSION,
  type Handlers,
  type Port,
  type RequestName,
  requests,
  type SubscriptionName,
  subscriptions,
  type WireError,
} from './contract.ts';
import {
  type FromClient,
  type FromServer,
  firstIssue,
  fromClientSchema,
  guarded,
  otherVersion,
  packed,
  parse,
  tooLarge,
  tooLong,
} from './message.ts';

/** Requests and subscriptions that one port may have open at a time; the page needs fewer than ten. */
export const MAX_OPEN_CALLS = 256;

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
