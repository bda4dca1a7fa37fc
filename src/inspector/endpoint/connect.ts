import { type ChildProcess, spawn } from 'node:child_process';
import { Agent, type ClientRequestArgs } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import { Duplex } from 'node:stream';
import { t } from '#core/words/words.ts';
import type { Connection } from '../engine/connection.ts';
import { ToldError } from '../told.ts';
import { type Address, formatAddress } from './address.ts';
import type { Endpoint } from './endpoint.ts';
import { lookAround } from './surroundings.ts';
import { realSystem, type System } from './system.ts';

/** One word for the far side's shell. Plain ones stay bare: a Windows shell knows no single quotes. */
function quoteForShell(word: string): string {
  return /^[\w./:=@%+,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/**
 * The command line that the docker CLI uses for `ssh://` addresses, and no prompt: nobody would see it. ssh joins the
 * command's words with spaces and the far side's shell reads them, so they are quoted. Source: docker/cli cli/connhelper.
 */
export function sshArguments(address: Extract<Address, { kind: 'ssh' }>): string[] {
  const command = [
    'docker',
    ...(address.path === null ? [] : [`--host=unix://${address.path}`]),
    'system',
    'dial-stdio',
  ];
  return [
    ...(address.user === null ? [] : ['-l', address.user]),
    ...(address.port === null ? [] : ['-p', String(address.port)]),
    ...['-o', 'BatchMode=yes', '-o', 'ConnectTimeout=30', '-T', '--'],
    address.host,
    command.map(quoteForShell).join(' '),
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
    // A failed write means that ssh has ended: its end tells why, a broken pipe does not.
    write: (chunk: Buffer, _encoding, callback) => {
      stdin?.write(chunk, () => callback());
    },
    final: (callback) => {
      stdin?.end(() => callback());
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
  child.on('error', (error: NodeJS.ErrnoException) => {
    const missing = error.code === 'ENOENT' ? 'The program ssh is missing.' : 'The program ssh could not be started';
    socket.destroy(new Error(`${missing} (${error.message})`));
  });
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

  /** Upgraded connections have left the agent's own list, their children have not left ours. */
  override destroy(): void {
    super.destroy();
    for (const child of this.#children) child.kill();
  }
}

/**
 * Prepares the way to an engine; nothing is sent yet.
 * @throws Error for an `fd://` address
 */
export async function connect(endpoint: Endpoint, system: System = realSystem()): Promise<Connection> {
  const { address, tls, headers, apiVersion } = endpoint;
  const made = (route: Connection['route'], agent: Agent, secrets: Connection['secrets'] = {}): Connection => ({
    address: formatAddress(address),
    route,
    agent,
    headers,
    apiVersion,
    secrets,
    surroundings: () => lookAround(system, address),
    close: () => agent.destroy(),
  });
  switch (address.kind) {
    case 'unix':
    case 'npipe':
      return made({ socketPath: address.path }, new Agent({ keepAlive: true }));
    case 'tcp': {
      const { host, port } = address;
      if (tls === null) return made({ host, port, protocol: 'http' }, new Agent({ keepAlive: true }));
      const options = {
        ...(tls.ca === null ? {} : { ca: tls.ca }),
        ...(tls.cert === null ? {} : { cert: tls.cert }),
        ...(tls.key === null ? {} : { key: tls.key }),
        rejectUnauthorized: tls.verify,
      };
      return made({ host, port, protocol: 'https' }, new TlsAgent({ keepAlive: true, ...options }), { tls: options });
    }
    case 'ssh': {
      const ssh = sshArguments(address);
      // The name goes into the Host header only: the agent makes the connection.
      return made({ host: 'docker.invalid', port: 80, protocol: 'http' }, new SshAgent(ssh), { ssh });
    }
    case 'fd':
      throw new ToldError(() => t('An fd:// address is for the engine itself. Give the address that it listens on.'));
  }
}
