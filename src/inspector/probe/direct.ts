import { spawn } from 'node:child_process';
import { ProbeMissingError, probeArch, readProbe } from './binary.ts';
import { createDecoder, type ProbeListener, type RunningProbe } from './run.ts';

/**
 * Runs the probe as a child of ours, on this Linux. It reads what our own rights allow and says how much was forbidden.
 * @throws ProbeMissingError
 */
export async function startDirectProbe(intervalMs: number, listener: ProbeListener): Promise<RunningProbe> {
  const arch = probeArch(process.arch);
  if (arch === null) throw new ProbeMissingError(`There is no probe for ${process.arch} machines.`);
  const { path } = await readProbe(arch);
  const child = spawn(path, ['watch', '--interval', String(intervalMs)], { stdio: ['pipe', 'pipe', 'pipe'] });
  let stopped = false;
  let ended = false;
  let complaint = '';
  const end = (reason: string): void => {
    if (ended) return;
    ended = true;
    if (!stopped) listener.onEnd(reason);
  };
  child.stdout.on('data', createDecoder(listener));
  child.stderr.on('data', (chunk: Buffer) => {
    complaint = (complaint + chunk.toString()).slice(-2_000);
  });
  // A closed pipe shows as the child's end.
  child.stdin.on('error', () => {});
  child.on('error', (error) => end(error.message));
  child.on('close', (code, signal) => end(complaint.trim() || `the probe ended (${signal ?? `exit code ${code}`})`));
  return {
    via: 'direct',
    rescan() {
      child.stdin.write('rescan\n');
    },
    stop() {
      stopped = true;
      if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve();
      return new Promise((resolve) => {
        child.once('close', () => resolve());
        child.stdin.end();
        setTimeout(() => child.kill('SIGKILL'), 1_000).unref();
      });
    },
  };
}
