// Processes to be looked at, and what looking at them costs.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/** Nanoseconds that a process ran so far (proc(5), schedstat). */
export function ranFor(pid) {
  return Number(readFileSync(`/proc/${pid}/schedstat`, 'utf8').split(' ')[0]);
}

/** While so many processes sleep. */
export async function withProcesses(spawner, count, work) {
  const child = spawn(spawner, [String(count)], { stdio: ['pipe', 'pipe', 'inherit'] });
  await new Promise((resolve) => createInterface({ input: child.stdout }).once('line', resolve));
  await pause(500);
  try {
    return await work();
  } finally {
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.stdin.end();
    await ended;
    // The children end with it; their remains are not to be counted by what comes next.
    await pause(1_000 + count / 10);
  }
}
