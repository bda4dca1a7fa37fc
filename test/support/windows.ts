import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { appendFileSync, closeSync, existsSync, openSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Runs it to its end. One that has not ended in time counts as a breakdown of Wine. */
  run(args: readonly string[], env?: Readonly<Record<string, string>>, limitMs?: number): Promise<Outcome>;
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
  await mkdir(prefix);
  const living = new Set<ChildProcess>();
  let stopping = false;
  let fault: string | null = null;
  /** What no test is to blame for. Nothing works after it, so all that waits ends at once. */
  const breakDown = (text: string) => {
    if (stopping || fault !== null) return;
    const pids = [...living].map(({ pid }) => String(pid)).join();
    const { stdout } = spawnSync('ps', ['-o', 'pid,stat,etimes,wchan:20,args', '-p', pids], { encoding: 'utf8' });
    fault = `${text}\n${stdout}`;
    if (process.env.BULKHEAD_WINE_FAULTS) appendFileSync(process.env.BULKHEAD_WINE_FAULTS, `${fault}\n`);
    for (const child of living) child.kill('SIGKILL');
  };
  // Started here, in the foreground, so that its end is seen: when Wine's server dies, its processes are not told and
  // wait for ever, and a new server knows none of their pipes.
  const server = spawn('wineserver', ['--foreground', '--persistent'], {
    env: environment,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const said: Buffer[] = [];
  server.stderr.on('data', (data: Buffer) => said.push(data));
  const serverEnded = new Promise<void>((resolve) => {
    server.on('exit', (code, signal) => {
      breakDown(`Wine's server ended by itself (${signal ?? code}). ${Buffer.concat(said)}`);
      resolve();
    });
  });
  // A program that finds no server starts one of its own, so this one has to be there first.
  const { dev, ino } = await stat(prefix);
  const socket = `/tmp/.wine-${process.getuid?.()}/server-${dev.toString(16)}-${ino.toString(16)}/socket`;
  for (let tries = 0; tries < 200 && !existsSync(socket); tries += 1) await sleep(50);
  wine('wine', 'reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f');
  let started = 0;

  function start(args: readonly string[], env: Readonly<Record<string, string>> = {}): WindowsProcess {
    if (fault !== null) throw new Error(fault);
    started += 1;
    const files = { out: join(folder, `${started}.out`), err: join(folder, `${started}.err`) };
    const [out, err] = [openSync(files.out, 'w'), openSync(files.err, 'w')];
    const child = spawn('wine', [node, ...args], { env: { ...environment, ...env }, stdio: ['ignore', out, err] });
    closeSync(out);
    closeSync(err);
    living.add(child);
    child.on('close', () => living.delete(child));
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
    let closing = false;
    const program = start(['test/windows/pipes.mjs', String(port), String(controlPort), ...names]);
    const failed = program.ended.then(({ err }) =>
      Promise.reject(new Error(`The program that holds the pipes ended by itself. ${err}`)),
    );
    const line = await Promise.race([greeted, failed]);
    failed.catch(({ message }) => closing || breakDown(message));
    line.on('error', () => {});
    const end = () => {
      for (const connection of open) connection.destroy();
    };
    return {
      break: end,
      block: (ms) => line.write(`block ${ms}\n`),
      async close() {
        closing = true;
        line.destroy();
        end();
        bridge.close();
        control.close();
        await Promise.race([program.ended, serverEnded]);
      },
    };
  }

  return {
    drive,
    home: join(drive, 'users', 'tester'),
    start,
    async run(args, env, limitMs = 50_000) {
      const program = start(args, env);
      const timer = setTimeout(
        () => breakDown(`After ${limitMs / 1000} s it had not ended: ${args.join(' ')}`),
        limitMs,
      );
      const outcome = await program.ended;
      clearTimeout(timer);
      if (fault !== null) throw new Error(fault);
      return outcome;
    },
    pipes,
    async stop() {
      stopping = true;
      if (fault === null) wine('wineserver', '--kill');
      await serverEnded;
      // Wine's own services too wait for a server that died.
      for (const pid of readdirSync('/proc')) {
        try {
          const variables = readFileSync(`/proc/${pid}/environ`, 'utf8');
          if (variables.includes(`WINEPREFIX=${prefix}\0`)) process.kill(Number(pid), 'SIGKILL');
        } catch {
          // No process, or one that has ended by now.
        }
      }
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
    },
  };
}
