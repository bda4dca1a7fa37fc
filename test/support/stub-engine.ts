import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';

/** What the stub refuses, with the texts that real engines answer (status 500 unless said). */
export interface StubOptions {
  /** `Api-Version` of the ping; 1.41 by default. */
  readonly apiVersion?: string;
  readonly osType?: string;
  /** Go's name. */
  readonly arch?: string;
  readonly rootless?: boolean;
  /** `POST /images/create`: an error in the stream after status 200, as engines send it. */
  readonly importError?: string;
  readonly createError?: { readonly status: number; readonly text: string };
  readonly startError?: string;
  /** Whether a helper of this configuration starts in spite of `startError`. */
  readonly starts?: (hostConfig: HostConfig) => boolean;
  /** Answers a request in its own way, byte by byte; false to leave it to the stub. */
  readonly own?: (route: string, connection: Duplex) => boolean;
  /** Requests to this route are cut off without an answer. */
  readonly cut?: string;
  /** Any request below a version: status 400 with this text. */
  readonly versionError?: string;
}

export interface HostConfig {
  readonly Privileged?: boolean;
  readonly UsernsMode?: string;
}

/** An engine that answers only what it was told to: for refusals that no engine at hand gives. */
export interface StubEngine {
  readonly host: string;
  /** Method and path of every request, without the query; with the value of `X-Meta` where it was sent. */
  readonly requests: string[];
  /** The configurations of the helpers that were to be created. */
  readonly created: HostConfig[];
  stop(): Promise<void>;
}

/** The ids of the one container that it has, and of the helper that is created. */
export const STUB_CONTAINER = 'c1'.repeat(32);
export const STUB_HELPER = 'fe'.repeat(32);

export async function startStubEngine(options: StubOptions = {}): Promise<StubEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-stub-'));
  const socket = join(folder, 'docker.sock');
  const requests: string[] = [];
  const created: HostConfig[] = [];
  const sockets = new Set<Socket>();
  const version = options.apiVersion ?? '1.41';
  const common = { 'Api-Version': version, Ostype: options.osType ?? 'linux', Server: 'Docker/20.10 (linux)' };

  /** Status and body of a request; null for a stream that stays open. */
  function answer(route: string): [number, unknown] | null {
    if (route === 'GET /_ping') return [200, 'OK'];
    if (options.versionError !== undefined) return [400, { message: options.versionError }];
    switch (route.replace(/^(\w+) \/v[\d.]+/, '$1 ')) {
      case 'GET /info':
        return [
          200,
          {
            ID: 'STUB',
            Name: 'stub',
            OperatingSystem: 'Stub Linux',
            // Never this machine's: the probe must not run directly instead.
            KernelVersion: '0.0-stub',
            SecurityOptions: options.rootless === true ? ['name=rootless'] : [],
          },
        ];
      case 'GET /version':
        return [200, { Version: '20.10', ApiVersion: version, Arch: options.arch ?? 'amd64' }];
      case 'GET /events':
        return null;
      case 'GET /containers/json':
        return [200, [{ Id: STUB_CONTAINER, Labels: {} }]];
      case `GET /containers/${STUB_CONTAINER}/json`:
        return [200, { Id: STUB_CONTAINER, Name: '/web', State: { Status: 'running', Pid: 7 }, HostConfig: {} }];
      case 'POST /images/create':
        return [200, options.importError === undefined ? { status: 'sha256:1' } : { error: options.importError }];
      case 'GET /images/json':
        return [200, []];
      case 'POST /containers/create':
        return options.createError === undefined
          ? [201, { Id: STUB_HELPER, Warnings: [] }]
          : [options.createError.status, { message: options.createError.text }];
      case `POST /containers/${STUB_HELPER}/start`:
        return options.startError === undefined || options.starts?.(created.at(-1) ?? {}) === true
          ? [204, '']
          : [500, { message: options.startError }];
      case `DELETE /containers/${STUB_HELPER}`:
        return [204, ''];
      default:
        return [404, { message: `no such thing: ${route}` }];
    }
  }

  const note = (request: IncomingMessage): string => {
    const route = `${request.method} ${(request.url ?? '').split('?')[0]}`;
    const meta = request.headers['x-meta'];
    requests.push(meta === undefined ? route : `${route} ${String(meta)}`);
    return route;
  };
  const server = createServer(async (request, response) => {
    const route = note(request);
    const body = await text(request);
    if (route.endsWith('/containers/create')) created.push((JSON.parse(body) as { HostConfig: HostConfig }).HostConfig);
    if (options.cut !== undefined && route.endsWith(options.cut)) {
      request.socket.destroy();
      return;
    }
    if (options.own?.(route, request.socket) === true) return;
    const said = answer(route);
    response.writeHead(said === null ? 200 : said[0], { ...common, 'Content-Type': 'application/json' });
    if (said === null) response.flushHeaders();
    else response.end(typeof said[1] === 'string' ? said[1] : `${JSON.stringify(said[1])}\n`);
  });
  // Attaching takes the connection over.
  server.on('upgrade', (request, connection) => {
    const route = note(request);
    if (options.own?.(route, connection) === true) return;
    if (options.cut !== undefined && route.endsWith(options.cut)) {
      connection.destroy();
      return;
    }
    connection.write('HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n');
  });
  server.on('connection', (connection) => {
    sockets.add(connection);
    connection.on('error', () => {});
    connection.on('close', () => sockets.delete(connection));
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  return {
    host: `unix://${socket}`,
    requests,
    created,
    async stop() {
      for (const connection of sockets) connection.destroy();
      await new Promise((resolve) => server.close(resolve));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
