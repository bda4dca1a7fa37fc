import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { PROBE } from './probe.ts';

export function message(what: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(what);
  head.writeUInt32BE(body.length, 1);
  return Buffer.concat([head, body]);
}

/** A running `enter`, driven as the app drives it. */
export function startEnter(...args: string[]) {
  return startEnterBy([PROBE], ...args);
}

/** The same, by a program that is run by others before it. */
export function startEnterBy([program = '', ...before]: readonly string[], ...args: string[]) {
  const child: ChildProcess = spawn(program, [...before, 'enter', ...args], { stdio: ['pipe', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  let bytes = 0;
  child.stdout?.on('data', (data: Buffer) => {
    bytes += data.length;
    out = (out + data.toString()).slice(-100_000);
  });
  child.stderr?.on('data', (data: Buffer) => {
    err += data.toString();
  });
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
  // Tests last less than that, but the machine may be slow.
  child.stdin?.on('error', () => {});
  child.stdin?.write('{"anything":true}\n');
  const until = async (what: string, test: () => boolean): Promise<void> => {
    for (const start = Date.now(); !test(); await new Promise((resolve) => setTimeout(resolve, 10))) {
      if (Date.now() - start > 10_000) throw new Error(`${what} did not come; said so far: ${out} ${err}`);
    }
  };
  return {
    child,
    ended,
    bytes: () => bytes,
    out: () => out,
    said: () =>
      err
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
    until,
    says: (pattern: RegExp) => until(String(pattern), () => pattern.test(out)),
    type: (text: string | Buffer) => child.stdin?.write(message('i', Buffer.from(text))),
    size(columns: number, rows: number) {
      const body = Buffer.alloc(4);
      body.writeUInt16BE(columns, 0);
      body.writeUInt16BE(rows, 2);
      child.stdin?.write(message('r', body));
    },
  };
}

/** Pids of processes whose arguments are these. */
export function running(words: string): string[] {
  return execFileSync('sh', ['-c', `pgrep -fx '${words}' || true`], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');
}

/** Clock ticks since boot, as the kernel has them. */
export function startTime(pid: number): string {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '';
}
