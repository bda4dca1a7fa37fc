import { execFileSync, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { windowsNode } from '../../scripts/windows/node.mjs';

/** What `startWindows` needs of the machine: for `describeWith`. */
export const WINDOWS_NEEDS = { linux: true, programs: ['wine', 'npm', 'tar'] } as const;

export interface Outcome {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** A program on Windows' Node. Wine's process is a process of Linux, and that is what a signal reaches. */
export interface WindowsProcess {
  kill(signal: 'SIGINT' | 'SIGKILL'): void;
  /** What it printed so far. Its streams are files: Windows' Node cannot use a pipe of Linux under Wine. */
  output(): Promise<{ readonly out: string; readonly err: string }>;
  readonly ended: Promise<Outcome>;
}

/** Named pipes that lead to a unix socket of Linux. */
export interface Pipes {
  /** Ends every connection that is open, as an engine does that goes away. */
  break(): void;
  /** For so long nobody accepts a connection. */
  block(ms: number): void;
  close(): Promise<void>;
}

export interface Windows {
  /** The folder that is `C:\`. */
  readonly drive: string;
  /** The folder that is `%USERPROFILE%`. */
  readonly home: string;
  start(args: readonly string[], env?: Readonly<Record<string, string>>): WindowsProcess;
  run(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Outcome>;
  pipes(names: readonly string[], socket: string): Promise<Pipes>;
  stop(): Promise<void>;
}

const listening = (server: Server): Promise<number> =>
  new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });

/** Makes a Windows of the test's own: registry, drive and processes are no others'. */
export async function startWindows(): Promise<Windows> {
  const node = windowsNode();
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-wine-'));
  const prefix = join(folder, 'prefix');
  const drive = join(prefix, 'drive_c');
  const environment = {
    PATH: process.env.PATH,
    HOME: folder,
    USER: 'tester',
    LC_ALL: 'C.UTF-8',
    WINEPREFIX: prefix,
    WINEDEBUG: '-all',
    // Node's own check wants a newer Windows than Wine says it is.
    NODE_SKIP_PLATFORM_CHECK: '1',
  };
  const wine = (program: string, ...args: string[]) =>
    execFileSync(program, args, { env: environment, stdio: 'ignore', timeout: 120_000 });
  wine('wine', 'reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f');
  let started = 0;

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): WindowsProcess {
    started += 1;
    const files = { out: join(folder, `${started}.out`), err: join(folder, `${started}.err`) };
    const [out, err] = [openSync(files.out, 'w'), openSync(files.err, 'w')];
    const child = spawn('wine', [node, ...args], { env: { ...environment, ...env }, stdio: ['ignore', out, err] });
    closeSync(out);
    closeSync(err);
    const output = async () => ({ out: await readFile(files.out, 'utf8'), err: await readFile(files.err, 'utf8') });
    const ended = new Promise<Outcome>((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code) => resolve(output().then((text) => ({ code, ...text }))));
    });
    return { kill: (signal) => child.kill(signal), output, ended };
  }

  async function pipes(names: readonly string[], socket: string): Promise<Pipes> {
    const open = new Set<Socket>();
    const bridge = createServer({ allowHalfOpen: true }, (near) => {
      const far = connect({ path: socket, allowHalfOpen: true });
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          open.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    const control = createServer();
    const [port, controlPort] = await Promise.all([listening(bridge), listening(control)]);
    const greeted = new Promise<Socket>((resolve) => {
      control.once('connection', (connection) => connection.once('data', () => resolve(connection)));
    });
    const program = start(['test/windows/pipes.mjs', String(port), String(controlPort), ...names]);
    const failed = program.ended.then(({ err }) => Promise.reject(new Error(`the pipes did not open: ${err}`)));
    const line = await Promise.race([greeted, failed]);
    failed.catch(() => {});
    line.on('error', () => {});
    const end = () => {
      for (const connection of open) connection.destroy();
    };
    return {
      break: end,
      block: (ms) => line.write(`block ${ms}\n`),
      async close() {
        line.destroy();
        end();
        bridge.close();
        control.close();
        await program.ended;
      },
    };
  }

  return {
    drive,
    home: join(drive, 'users', 'tester'),
    start,
    run: (args, env) => start(args, env).ended,
    pipes,
    async stop() {
      wine('wineserver', '-k');
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
