import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, type ClientRequestArgs } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { Duplex } from 'node:stream';
import type { DockerOptions } from 'dockerode';
import { formatAddress } from './address.ts';
import type { Endpoint } from './context.ts';

/** How an engine is reached. Every option is given, so that the environment never wins over it. */
export interface Connection {
  /** In Docker's notation. */
  readonly address: string;
  readonly options: DockerOptions;
  /** Ends what the connection started: kept-open sockets and `ssh` children. */
  close(): void;
}

/** The command line that the docker CLI uses for `ssh://` addresses. Source: docker/cli cli/connhelper. */
export function sshArguments(address: {
  user: string | null;
  host: string;
  port: number | null;
  path: string | null;
}): string[] {
  return [
    ...(address.user === null ? [] : ['-l', address.user]),
    ...(address.port === null ? [] : ['-p', String(address.port)]),
    '-o',
    'ConnectTimeout=30',
    '-T',
    '--',
    address.host,
    'docker',
    ...(address.path === null ? [] : [`--host=unix://${address.path}`]),
    'system',
    'dial-stdio',
  ];
}

/** One `ssh` child as a socket: its input and output are the connection, its complaint is the error. */
function sshSocket(child: ChildProcess): Duplex {
  const { stdin, stdout, stderr } = child;
  let complaint = '';
  stderr?.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  const socket = new Duplex({
    read: () => stdout?.resume(),
    write: (chunk: Buffer, _encoding, callback) => {
      stdin?.write(chunk, callback);
    },
    final: (callback) => {
      stdin?.end(callback);
    },
    destroy: (error, callback) => {
      child.kill();
      callback(error);
    },
  });
  stdout?.on('data', (chunk: Buffer) => {
    if (!socket.push(chunk)) stdout.pause();
  });
  stdin?.on('error', () => {});
  child.on('error', (error) => socket.destroy(new Error(`The system's ssh could not be started: ${error.message}`)));
  child.on('close', (code) => {
    if (code === 0) socket.push(null);
    else socket.destroy(new Error(`ssh: ${complaint.trim() || `exit code ${code}`}`));
  });
  // What HTTP calls on a TCP socket and a pipe has no use for.
  return Object.assign(socket, {
    setTimeout: () => socket,
    setNoDelay: () => socket,
    setKeepAlive: () => socket,
    ref: () => socket,
    unref: () => socket,
  });
}

class SshAgent extends Agent {
  readonly #arguments: readonly string[];
  readonly #children = new Set<ChildProcess>();

  constructor(args: readonly string[]) {
    super({ keepAlive: true, maxSockets: 8 });
    this.#arguments = args;
  }

  override createConnection(_options: ClientRequestArgs): Duplex {
    const child = spawn('ssh', this.#arguments, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#children.add(child);
    child.on('close', () => this.#children.delete(child));
    return sshSocket(child);
  }

  override destroy(): void {
    super.destroy();
    for (const child of this.#children) child.kill();
  }
}

/** Prepares the way to an engine; nothing is sent yet. */
export async function connect(endpoint: Endpoint): Promise<Connection> {
  const { address, tls, headers } = endpoint;
  const common = {
    host: undefined,
    port: undefined,
    socketPath: undefined,
    ca: undefined,
    cert: undefined,
    key: undefined,
    headers: { ...headers },
    ...(endpoint.apiVersion === null ? {} : { version: `v${endpoint.apiVersion}` }),
  };
  const made = (options: object, close: () => void): Connection => ({
    address: formatAddress(address),
    // The library's types know no explicit undefined; its merge needs it.
    options: { ...common, ...options } as unknown as DockerOptions,
    close,
  });
  switch (address.kind) {
    case 'unix':
    case 'npipe':
      return made({ socketPath: address.path, protocol: 'http' }, () => {});
    case 'tcp': {
      if (tls === null) return made({ host: address.host, port: address.port, protocol: 'http' }, () => {});
      const agent = new TlsAgent({
        ...(tls.ca === null ? {} : { ca: tls.ca }),
        ...(tls.cert === null ? {} : { cert: tls.cert }),
        ...(tls.key === null ? {} : { key: tls.key }),
        rejectUnauthorized: tls.verify,
      });
      return made({ host: address.host, port: address.port, protocol: 'https', agent }, () => agent.destroy());
    }
    case 'ssh': {
      const agent = new SshAgent(sshArguments(address));
      return made({ host: 'docker.invalid', port: 80, protocol: 'http', agent }, () => agent.destroy());
    }
    case 'fd':
      throw new Error('An fd:// address is for the engine itself. Give the address that it listens on.');
  }
}
