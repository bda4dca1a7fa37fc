import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { ApiError, createClient } from './client.ts';
import { CONTRACT_VERSION, type Handlers, type HostCommand, type Port } from './contract.ts';
import { createMemoryPorts } from './memory-port.ts';
import { MAX_MESSAGE_LENGTH } from './message.ts';
import { MAX_OPEN_CALLS, serve, toWireError } from './serve.ts';
import { DEFAULT_SETTINGS } from './settings.ts';

/** A port whose other side is the test: what was sent is kept, what arrives is said. */
function createProbePort(): { port: Port; sent: string[]; arrive: (text: string) => void; closed: () => boolean } {
  const sent: string[] = [];
  const listeners: ((text: string) => void)[] = [];
  const closers: (() => void)[] = [];
  let closed = false;
  return {
    sent,
    arrive: (text) => {
      for (const listener of listeners) listener(text);
    },
    closed: () => closed,
    port: {
      send: (text) => sent.push(text),
      onMessage: (listener) => listeners.push(listener),
      onClose: (listener) => closers.push(listener),
      close: () => {
        if (closed) return;
        closed = true;
        for (const listener of closers) listener();
      },
    },
  };
}

const INFO = {
  version: '1',
  host: 'cli',
  platform: 'linux',
  nativeMenu: false,
  updatesItself: false,
  systemLanguage: 'en',
} as const;

function createHandlers(
  over: Partial<Handlers['request']> = {},
  subscribe: Partial<Handlers['subscribe']> = {},
): Handlers {
  return {
    request: {
      'app.info': async () => INFO,
      'app.about': async () => ({
        version: '1',
        runtime: [],
        probes: [],
        settingsFile: '/settings.json',
        logFile: null,
      }),
      'app.licences': async () => [],
      'app.diagnostics': async () => ({ text: '' }),
      'endpoints.list': async () => [],
      'session.allow-privileged': async () => ({}),
      'session.helper': async () => DEFAULT_SETTINGS,
      'settings.get': async () => ({ settings: DEFAULT_SETTINGS, file: '/settings.json', problem: null }),
      'settings.change': async () => DEFAULT_SETTINGS,
      'snapshot.take': async () => {
        throw Object.assign(new Error('No such endpoint. Choose another one.'), { code: 'endpoint-unknown' });
      },
      'export.png': async () => ({ base64: '', missing: '' }),
      'export.pdf': async () => ({ base64: '', missing: '' }),
      'terminal.input': async () => ({}),
      'terminal.resize': async () => ({}),
      'container.act': async () => ({}),
      'container.environment': async () => ({ variables: [] }),
      detail: async () => ({ kind: 'uts' as const, hostname: 'h', domainname: 'd' }),
      'reach.try': async () => ({ connected: true, error: null }),
      'usage.sample': async () => {
        throw new Error('not measured here');
      },
      'process.signal': async () => ({}),
      'terminal.acknowledge': async () => ({}),
      ...over,
    },
    subscribe: {
      session: () => () => {},
      'host.commands': () => () => {},
      settings: () => () => {},
      terminal: () => () => {},
      wiring: () => () => {},
      ...subscribe,
    },
  };
}

const HELLO = JSON.stringify({ type: 'hello', contract: CONTRACT_VERSION });
const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 5));

describe('createClient', () => {
  it('fails what is pending with the reason when the port ends, and everything after it', async () => {
    const [left, right] = createMemoryPorts();
    const client = createClient(left);
    const pending = client.request('app.info', {});
    const onEnd = vi.fn();
    client.subscribe('host.commands', {}, () => {}, onEnd);
    right.close();
    await expect(pending).rejects.toMatchObject({ name: 'ApiError', code: 'closed' });
    expect(onEnd).toHaveBeenCalledTimes(1);
    await expect(client.request('app.info', {})).rejects.toBeInstanceOf(ApiError);
    client.subscribe('host.commands', {}, () => {}, onEnd);
    expect(onEnd).toHaveBeenCalledTimes(1);
    await settle();
    expect(onEnd).toHaveBeenCalledTimes(2);
  });

  it('refuses a result that breaks the contract', async () => {
    const { port, arrive } = createProbePort();
    const client = createClient(port);
    const pending = client.request('app.info', {});
    arrive(JSON.stringify({ type: 'result', id: 1, result: { version: 1 } }));
    await expect(pending).rejects.toMatchObject({ code: 'bad-reply' });
  });

  it('ends a subscription at the first event that breaks the contract, and tells the other side', () => {
    const { port, arrive, sent } = createProbePort();
    const events: HostCommand[] = [];
    const onEnd = vi.fn();
    createClient(port).subscribe('host.commands', {}, (event) => events.push(event), onEnd);
    arrive(JSON.stringify({ type: 'event', id: 1, event: { command: 'fit' } }));
    arrive(JSON.stringify({ type: 'event', id: 1, event: { command: 'format-disk' } }));
    arrive(JSON.stringify({ type: 'event', id: 1, event: { command: 'fit' } }));
    expect(events).toEqual([{ command: 'fit' }]);
    expect(onEnd).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'bad-reply' }));
    expect(JSON.parse(sent.at(-1) ?? '')).toEqual({ type: 'unsubscribe', id: 1 });
  });

  it('ends everything when the other side is of another version', async () => {
    const { port, arrive, closed } = createProbePort();
    const pending = createClient(port).request('app.info', {});
    arrive(JSON.stringify({ type: 'hello', contract: CONTRACT_VERSION + 1 }));
    await expect(pending).rejects.toMatchObject({ code: 'contract-version' });
    expect(closed()).toBe(true);
  });

  it('does not report an end that the caller asked for', async () => {
    const [left] = createMemoryPorts();
    const client = createClient(left);
    const onEnd = vi.fn();
    client.subscribe('host.commands', {}, () => {}, onEnd);
    const pending = client.request('app.info', {});
    client.close();
    await expect(pending).rejects.toMatchObject({ code: 'closed' });
    expect(onEnd).not.toHaveBeenCalled();
  });

  it('delivers nothing after unsubscribe', () => {
    const { port, arrive } = createProbePort();
    const onEvent = vi.fn();
    const stop = createClient(port).subscribe('host.commands', {}, onEvent);
    stop();
    stop();
    arrive(JSON.stringify({ type: 'event', id: 1, event: { command: 'fit' } }));
    expect(onEvent).not.toHaveBeenCalled();
  });

  it('survives whatever arrives', () => {
    const { port, arrive } = createProbePort();
    void createClient(port)
      .request('app.info', {})
      .catch(() => {});
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => arrive(text)));
  });
});

describe('serve', () => {
  it('answers nothing but errors before a greeting of its version', () => {
    const { port, arrive, sent } = createProbePort();
    serve(port, createHandlers());
    arrive(JSON.stringify({ type: 'hello', contract: 0 }));
    arrive(JSON.stringify({ type: 'request', id: 1, name: 'app.info', params: {} }));
    expect(sent.map((text) => JSON.parse(text))).toEqual([
      { type: 'hello', contract: CONTRACT_VERSION },
      { type: 'error', id: 1, error: { code: 'contract-version', message: expect.any(String) } },
    ]);
  });

  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', '', 'session'])(
    'knows no request named %j',
    (name) => {
      const { port, arrive, sent } = createProbePort();
      serve(port, createHandlers());
      arrive(HELLO);
      arrive(JSON.stringify({ type: 'request', id: 1, name, params: {} }));
      expect(JSON.parse(sent[1] ?? '')).toMatchObject({ type: 'error', id: 1, error: { code: 'unknown-call' } });
    },
  );

  it('validates parameters before the handler sees them', () => {
    const take = vi.fn();
    const { port, arrive, sent } = createProbePort();
    serve(port, createHandlers({ 'snapshot.take': take }));
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'request', id: 1, name: 'snapshot.take', params: { endpoint: 7 } }));
    expect(JSON.parse(sent[1] ?? '')).toMatchObject({ error: { code: 'bad-request' } });
    expect(take).not.toHaveBeenCalled();
  });

  it('sends errors as plain data, with the code of the handler', async () => {
    const { port, arrive, sent } = createProbePort();
    serve(port, createHandlers());
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'request', id: 1, name: 'snapshot.take', params: { endpoint: 'x' } }));
    await settle();
    expect(JSON.parse(sent[1] ?? '')).toEqual({
      type: 'error',
      id: 1,
      error: { code: 'endpoint-unknown', message: 'No such endpoint. Choose another one.' },
    });
  });

  it('answers a subscription whose handler throws', () => {
    const { port, arrive, sent } = createProbePort();
    const failing = (): never => {
      throw new Error('broken');
    };
    serve(port, createHandlers({}, { session: failing }));
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'subscribe', id: 4, name: 'session', params: { endpoint: 'demo' } }));
    expect(JSON.parse(sent[1] ?? '')).toMatchObject({ type: 'error', id: 4, error: { code: 'internal' } });
  });

  it('ends its subscriptions with the port, once', () => {
    const stop = vi.fn();
    const { port, arrive } = createProbePort();
    serve(port, createHandlers({}, { 'host.commands': () => stop }));
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'subscribe', id: 1, name: 'host.commands', params: {} }));
    arrive(JSON.stringify({ type: 'subscribe', id: 2, name: 'host.commands', params: {} }));
    arrive(JSON.stringify({ type: 'unsubscribe', id: 2 }));
    expect(stop).toHaveBeenCalledTimes(1);
    port.close();
    expect(stop).toHaveBeenCalledTimes(2);
  });

  it('does not let a second call take over an open id', () => {
    const stop = vi.fn();
    const { port, arrive, sent } = createProbePort();
    serve(port, createHandlers({}, { 'host.commands': () => stop }));
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'subscribe', id: 1, name: 'host.commands', params: {} }));
    arrive(JSON.stringify({ type: 'request', id: 1, name: 'nothing', params: {} }));
    expect(sent).toHaveLength(1);
  });

  it('limits the calls that are open at once', () => {
    const { port, arrive, sent } = createProbePort();
    serve(port, createHandlers());
    arrive(HELLO);
    for (let id = 1; id <= MAX_OPEN_CALLS + 1; id++) {
      arrive(JSON.stringify({ type: 'subscribe', id, name: 'host.commands', params: {} }));
    }
    expect(sent).toHaveLength(2);
    expect(JSON.parse(sent[1] ?? '')).toMatchObject({ id: MAX_OPEN_CALLS + 1, error: { code: 'too-many' } });
  });

  it('survives whatever arrives, and still answers afterwards', async () => {
    const { port, arrive, sent } = createProbePort();
    serve(port, createHandlers());
    arrive(HELLO);
    const message = fc.record({
      type: fc.oneof(fc.constantFrom('hello', 'request', 'subscribe', 'unsubscribe', '__proto__'), fc.string()),
      id: fc.oneof(fc.integer(), fc.double(), fc.string(), fc.constant(null)),
      name: fc.oneof(fc.constantFrom('app.info', '__proto__', 'session'), fc.anything()),
      params: fc.anything(),
    });
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), fc.constant('{"__proto__":{"type":"hello"}}')), (text) =>
        arrive(text),
      ),
    );
    fc.assert(
      fc.property(message, (value) => {
        let text: string | undefined;
        try {
          text = JSON.stringify(value);
        } catch {
          return;
        }
        // Not a greeting of another version, which would rightly end the answers.
        if (text !== undefined && !text.includes('hello')) arrive(text);
      }),
    );
    arrive(JSON.stringify({ type: 'request', id: 999_999_999, name: 'app.info', params: {} }));
    await settle();
    expect(sent.map((text) => JSON.parse(text))).toContainEqual({ type: 'result', id: 999_999_999, result: INFO });
  });

  it('closes the port when an answer cannot be written', async () => {
    const circular: { self?: unknown } = {};
    circular.self = circular;
    const { port, arrive, closed } = createProbePort();
    serve(port, createHandlers({ 'app.info': async () => circular as never }));
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'request', id: 1, name: 'app.info', params: {} }));
    await settle();
    expect(closed()).toBe(true);
  });
});

describe('messages that are too large', () => {
  const large = 'x'.repeat(MAX_MESSAGE_LENGTH);

  it('an event that the page could not read ends its subscription and says so: no later one builds on it', () => {
    const { port, arrive, sent } = createProbePort();
    let emit = (_event: HostCommand): void => {};
    const stop = vi.fn();
    const hostCommands: Handlers['subscribe']['host.commands'] = (_params, listener) => {
      emit = listener;
      return stop;
    };
    serve(port, createHandlers({}, { 'host.commands': hostCommands }));
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'subscribe', id: 1, name: 'host.commands', params: {} }));
    emit({ command: large } as never);
    emit({ command: 'fit' });
    expect(stop).toHaveBeenCalledTimes(1);
    expect(sent.slice(1).map((text) => JSON.parse(text))).toEqual([
      { type: 'error', id: 1, error: expect.objectContaining({ code: 'too-large' }) },
    ]);
  });

  it('a result or a request that is too large fails its call', async () => {
    const { port, arrive, sent } = createProbePort();
    serve(port, createHandlers({ 'app.info': async () => ({ ...INFO, version: large }) }));
    arrive(HELLO);
    arrive(JSON.stringify({ type: 'request', id: 1, name: 'app.info', params: {} }));
    await settle();
    expect(JSON.parse(sent.at(-1) ?? '')).toMatchObject({ id: 1, error: { code: 'too-large' } });
    const request = createClient(createProbePort().port).request('export.png', { svg: large, scale: 1 });
    await expect(request).rejects.toMatchObject({ code: 'too-large' });
  });

  it('one that arrives all the same ends the port: whose it was is not known', async () => {
    const { port, arrive, closed } = createProbePort();
    const pending = createClient(port).request('app.info', {});
    arrive(`${large}x`);
    await expect(pending).rejects.toMatchObject({ code: 'too-large' });
    expect(closed()).toBe(true);
  });
});

describe('toWireError', () => {
  it('makes plain data of anything thrown', () => {
    const hostile = {
      toString() {
        throw new Error('no');
      },
    };
    expect(toWireError(hostile).code).toBe('internal');
    expect(toWireError(Object.assign(new Error('m'), { code: 'c' }))).toEqual({ code: 'c', message: 'm' });
    expect(toWireError(Object.assign(new Error('m'), { code: 5 })).code).toBe('internal');
    fc.assert(fc.property(fc.anything(), (thrown) => typeof toWireError(thrown).message === 'string'));
  });
});

it('a message that is too long to be read ends the port: the call in it would wait for ever', () => {
  const { port, arrive, closed } = createProbePort();
  serve(port, createHandlers());
  arrive(JSON.stringify({ type: 'hello', contract: CONTRACT_VERSION }));
  arrive('x'.repeat(MAX_MESSAGE_LENGTH));
  expect(closed()).toBe(false);
  arrive('x'.repeat(MAX_MESSAGE_LENGTH + 1));
  expect(closed()).toBe(true);
});

it.each([
  ['container.act', { endpoint: 'e', id: '../images/x:1', action: 'remove' }],
  ['container.act', { endpoint: 'e', id: 'web1', action: 'remove' }],
  ['container.environment', { endpoint: 'e', id: '../../info?' }],
  ['process.signal', { endpoint: 'e', pid: 1.5, startTime: 1, signal: 'KILL' }],
  ['process.signal', { endpoint: 'e', pid: 1, startTime: 0.5, signal: 'KILL' }],
  ['process.signal', { endpoint: 'e', pid: 1, startTime: 1, signal: 'constructor' }],
  ['detail', { endpoint: 'e', subject: { type: 'namespace', id: 'net:[1]/../../2' } }],
  ['detail', { endpoint: 'e', subject: { type: 'process', pid: 1, startTime: 0.5 } }],
  ['reach.try', { endpoint: 'e', net: 'net:[1] 2', destination: { protocol: 'tcp', address: '::1', port: 1 } }],
  ['reach.try', { endpoint: 'e', net: 'net:[1]', destination: { protocol: 'tcp', address: '1.2.3.4 x', port: 1 } }],
])('what names things is checked where it arrives: %s %j', async (name, params) => {
  const asked = vi.fn(async () => ({}));
  const { port, arrive, sent } = createProbePort();
  serve(port, createHandlers({ [name]: asked }));
  arrive(JSON.stringify({ type: 'hello', contract: CONTRACT_VERSION }));
  arrive(JSON.stringify({ type: 'request', id: 1, name, params }));
  await Promise.resolve();
  expect(asked).not.toHaveBeenCalled();
  expect(JSON.parse(sent.at(-1) ?? '')).toMatchObject({ type: 'error', id: 1, error: { code: 'bad-request' } });
});
