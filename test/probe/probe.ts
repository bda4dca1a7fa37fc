import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import {
  createFrameReader,
  type FrameOrProblem,
  type NamespaceFrame,
  type ProcessFrame,
} from '../../src/core/parse/frames.ts';

const ARCH = process.arch === 'arm64' ? 'arm64' : 'amd64';

export const PROBE = `resources/probe/linux-${ARCH}/bulkhead-probe`;

/** What these tests need of the machine: for `describeWith`. */
export const PROBE_NEEDS = {
  linux: true,
  root: true,
  programs: ['lsns', 'unshare', 'nsenter', 'ip', 'gcc'],
  files: [PROBE],
} as const;

/** Decodes output by the schema: a line that does not fit is a test's failure, not a reported problem. */
export function decode(text: string): Exclude<FrameOrProblem, { t: 'problem' }>[] {
  return createFrameReader()
    .push(text)
    .map((frame) => {
      if (frame.t === 'problem') throw new Error(frame.problem.message);
      return frame;
    });
}

export interface Scan {
  readonly frames: ReturnType<typeof decode>;
  readonly processes: ReadonlyMap<number, ProcessFrame>;
  readonly namespaces: ReadonlyMap<string, NamespaceFrame>;
}

export function parseScan(text: string): Scan {
  const frames = decode(text);
  return {
    frames,
    processes: new Map(frames.flatMap((frame) => (frame.t === 'process' ? [[frame.pid, frame] as const] : []))),
    namespaces: new Map(frames.flatMap((frame) => (frame.t === 'namespace' ? [[frame.id, frame] as const] : []))),
  };
}

export function scan(program = PROBE): Scan {
  return parseScan(execFileSync(program, ['scan'], { encoding: 'utf8', maxBuffer: 256 * 1024 * 1024 }));
}

/** Children of a test, ended with it. */
export function createChildren() {
  const children: ChildProcess[] = [];
  return {
    /** Starts a program and waits for its first line, which says that it is where it should be; gives its pid. */
    async start(program: string, ...args: string[]): Promise<{ pid: number; line: string; child: ChildProcess }> {
      const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
      children.push(child);
      const line = await new Promise<string>((resolve, reject) => {
        let text = '';
        child.stdout?.on('data', (data: Buffer) => {
          text += data.toString();
          if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
        });
        child.once('error', reject);
        child.once('exit', (code) => reject(new Error(`${program} ${args.join(' ')} ended with ${code}`)));
      });
      return { pid: child.pid ?? 0, line, child };
    },
    end(): void {
      for (const child of children.splice(0)) child.kill('SIGKILL');
    },
  };
}
