import { execFile, spawn } from 'node:child_process';
import { hostname } from 'node:os';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { SessionStatus } from '../../src/api/contract.ts';
import type { Snapshot } from '../../src/core/snapshot/snapshot.ts';
import { connect } from '../../src/inspector/endpoint/connect.ts';
import { resolveEndpoint } from '../../src/inspector/endpoint/discover.ts';
import { realSystem } from '../../src/inspector/endpoint/system.ts';
import { EngineClient } from '../../src/inspector/engine/engine.ts';
import { createInspector } from '../../src/inspector/inspector.ts';
import { removeLeftovers } from '../../src/inspector/probe/owner.ts';
import { describeWith } from '../support/require.ts';
import {
  STUB_CONTAINER,
  STUB_HELPER,
  type StubEngine,
  type StubOptions,
  startStubEngine,
} from '../support/stub-engine.ts';

/** What an engine may do to a request of ours, byte by byte. */
type Way = (connection: Duplex) => void;

const head = (status: string, ...headers: string[]): string =>
  [`HTTP/1.1 ${status}`, 'Api-Version: 1.41', 'Server: Docker/20.10 (linux)', ...headers, '', ''].join('\r\n');
const json = (body: string, status = '200 OK'): Way => {
  return (connection) =>
    void connection.end(
      `${head(status, 'Content-Type: application/json', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close')}${body}`,
    );
};

/** Writes for as long as somebody takes it. */
function pour(connection: Duplex, piece: Buffer): void {
  connection.on('error', () => {});
  const more = (): void => {
    while (!connection.destroyed && connection.write(piece));
    if (!connection.destroyed) connection.once('drain', more);
  };
  more();
}

/** Attached: what follows is the helper's output. */
const attached = (output: Buffer, times = 1): Way => {
  return (connection) => {
    connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
    connection.on('error', () => {});
    for (let time = 0; time < times; time++) connection.write(output);
  };
};

const WAYS: readonly (readonly [string, Way])[] = [
  ['never answers', () => {}],
  ['closes without an answer', (connection) => void connection.destroy()],
  ['answers no HTTP', (connection) => void connection.end('\u0000\u001b[2Jnot HTTP\r\n\r\n')],
  [
    'redirects to a path',
    (connection) => void connection.end(head('302 Found', 'Location: /elsewhere', 'Content-Length: 0')),
  ],
  [
    'redirects to a host',
    (connection) => void connection.end(head('307 Moved', 'Location: http://127.0.0.1:1/', 'Content-Length: 0')),
  ],
  [
    'changes the protocol unasked',
    (connection) => void connection.write(head('101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: tcp')),
  ],
  ['says null', json('null')],
  ['says a list of null', json('[null]')],
  ['nests without end', json('['.repeat(5_000_000))],
  [
    'writes without end',
    (connection) => {
      connection.write(head('200 OK', 'Content-Type: application/json'));
      pour(connection, Buffer.alloc(1024 * 1024, 'x'));
    },
  ],
  [
    'announces 600 MB and writes a little',
    (connection) => void connection.write(`${head('200 OK', `Content-Length: ${600 * 1024 * 1024}`)}[`),
  ],
  ['ends in the middle', (connection) => void connection.end(`${head('200 OK', 'Content-Length: 1000')}{"a":`)],
  ['fails with a page', json('<html><b>no</b></html>', '500 Error')],
];

const ROUTES = ['/_ping', '/version', '/info', '/containers/json', `/containers/${STUB_CONTAINER}/json`, '/events'];

const frame = (type: number, length: number): Buffer => {
  const header = Buffer.alloc(8);
  header.writeUInt8(type, 0);
  header.writeUInt32BE(length, 4);
  return header;
};

const good = { Id: STUB_CONTAINER, Labels: {} };

const SPECIAL: readonly (readonly [string, string, Way])[] = [
  ['lists what is no id', '/containers/json', json(JSON.stringify([good, { Id: '../images/x:1' }]))],
  ['lists an id that is a number', '/containers/json', json(JSON.stringify([good, { Id: 5 }]))],
  ['lists null beside a container', '/containers/json', json(JSON.stringify([null, good]))],
  ['lists 100,000 times null', '/containers/json', json(`[${'null,'.repeat(100_000)}${JSON.stringify(good)}]`)],
  [
    'names another container than was asked for',
    `/containers/${STUB_CONTAINER}/json`,
    json(JSON.stringify({ Id: 'd'.repeat(64), Name: '/other' })),
  ],
  ['gives the helper a path as id', '/containers/create', json('{"Id":"../x"}', '201 Created')],
  ['gives the helper no id', '/containers/create', json('{}', '201 Created')],
  [
    'refuses in a megabyte with control characters',
    '/containers/create',
    json(JSON.stringify({ message: '\u001b[2J\n'.repeat(200_000) }), '500 Error'),
  ],
  ['imports with a broken stream', '/images/create', json('null\n{"error":"\\u001b[31mno"}\n')],
  [
    'sends frames without content',
    `/containers/${STUB_HELPER}/attach`,
    attached(Buffer.concat(Array.from({ length: 10_000 }, () => frame(1, 0))), 50),
  ],
  ['sends a frame of 4 GB', `/containers/${STUB_HELPER}/attach`, attached(frame(1, 0xffff_ffff))],
  ['sends frames of no type', `/containers/${STUB_HELPER}/attach`, attached(frame(9, 5))],
  ['does not let itself be taken over', `/containers/${STUB_HELPER}/attach`, json('{}')],
  [
    'attaches and closes',
    `/containers/${STUB_HELPER}/attach`,
    (connection) => void connection.end('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n'),
  ],
  [
    'writes output that is no frames of the probe',
    `/containers/${STUB_HELPER}/attach`,
    attached(Buffer.concat([frame(1, 5), Buffer.from('null\n')]), 1_000),
  ],
];

const CASES = [
  ...ROUTES.flatMap((route) =>
    WAYS.map(([name, way]) => [`${route.replace(STUB_CONTAINER, 'ID')} ${name}`, route, way] as const),
  ),
  ...SPECIAL,
];

interface Outcome {
  readonly status: SessionStatus | null;
  readonly snapshot: Snapshot | null;
}

const options = (route: string, way: Way): StubOptions => ({
  own(asked, connection) {
    if (!asked.endsWith(route)) return false;
    way(connection);
    return true;
  },
});

/** What a session tells of such an engine first, when it has come to something. */
async function watch(route: string, way: Way): Promise<Outcome> {
  const stub = await startStubEngine(options(route, way));
  const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
  try {
    return await new Promise((resolve) => {
      let status: SessionStatus | null = null;
      let snapshot: Snapshot | null = null;
      const settle = (): void => resolve({ status, snapshot });
      setTimeout(settle, 50_000).unref();
      inspector.subscribe.session({ endpoint: stub.host }, (event) => {
        if (event.type === 'snapshot') snapshot = event.snapshot;
        if (event.type === 'status') status = event.status;
        if (status?.retryAt != null || (status?.phase === 'live' && status.notices.length > 0 && snapshot !== null))
          settle();
        // A helper that starts says nothing here: live without a picture is all there is.
        else if (status?.phase === 'live') setTimeout(settle, 500);
      });
    });
  } finally {
    await inspector.close();
    await stub.stop();
  }
}

describeWith('a hostile engine', { linux: true, files: ['resources/probe/linux-amd64/bulkhead-probe'] }, () => {
  const outcomes = new Map<string, Outcome>();
  const faults: unknown[] = [];

  beforeAll(async () => {
    const fault = (error: unknown): void => void faults.push(error);
    process.on('uncaughtException', fault).on('unhandledRejection', fault);
    const queue = [...CASES];
    // Most of them only wait.
    await Promise.all(
      Array.from({ length: 16 }, async () => {
        for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
          const [name, route, way] = next;
          outcomes.set(name, await watch(route, way));
        }
      }),
    );
    process.off('uncaughtException', fault).off('unhandledRejection', fault);
  }, 400_000);

  it.each(CASES.map(([name]) => name))('%s: survived, and told in words', (name) => {
    const outcome = outcomes.get(name);
    const said = [outcome?.status?.message ?? '', ...(outcome?.status?.notices ?? []).map(({ message }) => message)];
    expect(outcome?.status, 'nothing was told within 50 s').not.toBeNull();
    for (const text of said) {
      expect(text).not.toMatch(/undefined|\[object|null|Cannot read|is not a function/);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: what must not be there
      expect(text).not.toMatch(/[\u0000-\u001f]/);
      expect(text.length).toBeGreaterThan(4);
      expect(text.length).toBeLessThan(700);
    }
  });

  it('nothing was thrown that nobody caught', () => {
    expect(faults).toEqual([]);
  });

  it.each(SPECIAL.slice(0, 5).map(([name]) => name))('%s: one problem, and the other containers stay', (name) => {
    const { status } = outcomes.get(name) as Outcome;
    expect(status?.phase).toBe('live');
    expect(status?.notices.map(({ code }) => code)).toContain('containers');
  });

  it.each(['redirects to a path', 'changes the protocol unasked', 'writes without end', 'says null'])(
    'the command line ends with words: /info %s',
    async (name) => {
      const way = WAYS.find(([each]) => each === name)?.[1] as Way;
      const stub = await startStubEngine(options('/info', way));
      const { code, err } = await new Promise<{ code: number | null; err: string }>((resolve) => {
        const child = execFile(
          process.execPath,
          ['bin/bulkhead.mjs', 'scan', '--endpoint', stub.host],
          { maxBuffer: 1024 * 1024 },
          (_error, _out, stderr) => resolve({ code: child.exitCode, err: stderr }),
        );
      });
      await stub.stop();
      expect([1, 3, 4]).toContain(code);
      expect(err.trim()).not.toBe('');
      expect(err).not.toMatch(/at .*\.js:\d+|node:internal/);
    },
  );
});

/** Runs with a client of a stub that answers a few requests in its own way. */
async function withClient<T>(
  own: StubOptions['own'],
  use: (client: EngineClient, stub: StubEngine) => Promise<T>,
): Promise<T> {
  const stub = await startStubEngine(own === undefined ? {} : { own });
  const endpoint = await resolveEndpoint(realSystem(), stub.host);
  if (!endpoint.ok) throw new Error(endpoint.reason);
  const connection = await connect(endpoint.endpoint);
  try {
    const client = new EngineClient(connection);
    await client.describe();
    return await use(client, stub);
  } finally {
    connection.close();
    await stub.stop();
  }
}

describe('an engine that takes its time', () => {
  it('is not listened to before it says that the helper has started', async () => {
    let start = (): void => {};
    let poured = 0;
    await withClient(
      (route, connection) => {
        if (route.endsWith('/attach')) {
          attached(Buffer.alloc(0))(connection);
          const piece = Buffer.concat([frame(1, 1024 * 1024 - 8), Buffer.alloc(1024 * 1024 - 8)]);
          const more = (): void => {
            do poured += piece.length;
            while (connection.write(piece));
            connection.once('drain', more);
          };
          more();
          return true;
        }
        if (!route.endsWith('/start')) return false;
        start = () => void connection.write(head('204 No Content'));
        return true;
      },
      async (client) => {
        let heard = 0;
        const spec = { image: 'i', command: [], labels: {}, hostConfig: {} };
        const helper = client.startHelper(spec, (chunk) => {
          heard += chunk.length;
        });
        await vi.waitFor(() => expect(poured).toBeGreaterThan(0));
        await new Promise((resolve) => setTimeout(resolve, 300));
        expect([heard, poured < 16 * 1024 * 1024]).toEqual([0, true]);
        start();
        const { stdin } = await helper;
        await vi.waitFor(() => expect(heard).toBeGreaterThan(16 * 1024 * 1024), 10_000);
        stdin.destroy();
      },
    );
  });

  it('is asked about the volumes of a container for a limited time, and shows it all the same', async () => {
    const volume = (name: string) => ({ Type: 'volume', Name: name, Destination: `/${name}`, Source: '/x', RW: true });
    let now = Date.now();
    const clock = vi.spyOn(Date, 'now').mockImplementation(() => now);
    const asked: string[] = [];
    const container = await withClient(
      (route, connection) => {
        if (route.endsWith(`/containers/${STUB_CONTAINER}/json`)) {
          const mounts = ['a', 'b', 'c'].map(volume);
          json(JSON.stringify({ Id: STUB_CONTAINER, Name: '/web', HostConfig: {}, Mounts: mounts }))(connection);
          return true;
        }
        if (!route.includes('/volumes/')) return false;
        asked.push(route.slice(-1));
        now += 6_000;
        json('{}')(connection);
        return true;
      },
      (client) => client.container(STUB_CONTAINER),
    );
    clock.mockRestore();
    expect(asked).toEqual(['a', 'b']);
    expect(container?.mounts.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
  });

  it('a redirect is told as what it is, wherever it leads', async () => {
    const { status } = await watch('/info', WAYS.find(([name]) => name === 'redirects to a path')?.[1] as Way);
    expect(status?.message).toContain('What answers there redirects GET /info (HTTP 302), which an engine does not do');
    expect(status?.message).not.toContain('roxy');
  });
});

describe('leftovers of starts', () => {
  const helper = (letter: string, labels: Record<string, string>, state: string, ageS: number) => ({
    Id: letter.repeat(64),
    Labels: { 'dev.bulkhead.helper': 'probe', ...labels },
    State: state,
    Created: Math.floor(Date.now() / 1_000) - ageS,
  });
  const OURS = { 'dev.bulkhead.owner-host': hostname(), 'dev.bulkhead.owner-pid': String(process.pid) };
  const DEAD = { ...OURS, 'dev.bulkhead.owner-pid': '4194305' };
  const ELSEWHERE = { ...DEAD, 'dev.bulkhead.owner-host': 'elsewhere' };

  it('one whose owner died goes, and one that was created long ago and never ran, whoever made it', async () => {
    const list = [
      helper('1', DEAD, 'running', 10),
      helper('2', OURS, 'created', 60),
      helper('3', OURS, 'created', 3_600),
      helper('4', ELSEWHERE, 'created', 3_600),
      helper('5', ELSEWHERE, 'created', 60),
      helper('6', ELSEWHERE, 'running', 3_600),
      { ...helper('7', ELSEWHERE, 'created', 0), Created: 'long ago' },
    ];
    const removed = await withClient(
      (route, connection) => {
        if (route.startsWith('DELETE')) json('{}')(connection);
        else if (route.endsWith('/containers/json')) json(JSON.stringify(list))(connection);
        else return false;
        return true;
      },
      async (client, stub) => {
        await removeLeftovers(client);
        return stub.requests.flatMap((request) => /^DELETE .*\/containers\/(.)/.exec(request)?.[1] ?? []);
      },
    );
    expect(removed).toEqual(['1', '3', '4']);
  });

  it('the guardian of a start takes no answer without end', async () => {
    const ends: Promise<unknown>[] = [];
    let poured = 0;
    const stub = await startStubEngine({
      own: (route, connection) => {
        if (!route.endsWith('/containers/json')) return false;
        ends.push(new Promise((resolve) => connection.once('close', resolve)));
        connection.write(head('200 OK', 'Content-Type: application/json'));
        const piece = Buffer.alloc(256 * 1024, 'x');
        connection.on('error', () => {});
        const more = (): void => {
          do poured += piece.length;
          while (!connection.destroyed && connection.write(piece));
          if (!connection.destroyed) connection.once('drain', more);
        };
        more();
        return true;
      },
    });
    const script = fileURLToPath(new URL('../../src/inspector/probe/guardian.mjs', import.meta.url));
    const guardian = spawn(process.execPath, [script], { stdio: ['pipe', 'ignore', 'inherit'] });
    const route = { socketPath: stub.host.replace('unix://', '') };
    guardian.stdin.end(JSON.stringify({ route, headers: {}, label: 'a=b' }));
    await vi.waitFor(() => expect(ends.length).toBeGreaterThan(0), 10_000);
    await ends[0];
    guardian.kill('SIGKILL');
    await stub.stop();
    expect(poured).toBeLessThan(16 * 1024 * 1024);
  });
});

describe('ids at the boundary', () => {
  it('an id that is a path reaches no engine', async () => {
    const stub = await startStubEngine();
    const inspector = createInspector({ host: 'cli', version: '0', nativeMenu: false });
    const act = inspector.request['container.act']({ endpoint: stub.host, id: '../images/x:1', action: 'remove' });
    await expect(act).rejects.toThrow('neither the id');
    expect(stub.requests.filter((request) => request.includes('images'))).toEqual([]);
    await inspector.close();
    await stub.stop();
  });
});
