// Runs commands and tells how they ended. Shared by the scripts that run several.
import { spawn } from 'node:child_process';

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ quiet?: boolean, env?: Record<string, string>, cwd?: string, timeoutMs?: number }} [options] quiet keeps the output and gives it back
 * @returns {Promise<{ ok: boolean, output: string, seconds: number }>}
 */
export function run(command, args, { quiet = false, env = {}, cwd = process.cwd(), timeoutMs = 600_000 } = {}) {
  const started = performance.now();
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
      env: { ...process.env, ...env },
    });
    let output = '';
    child.stdout?.on('data', (data) => {
      output += data;
    });
    child.stderr?.on('data', (data) => {
      output += data;
    });
    const timer = setTimeout(() => {
      output += `\nStopped after ${timeoutMs / 1000} s.\n`;
      child.kill('SIGKILL');
    }, timeoutMs);
    const end = (ok) => {
      clearTimeout(timer);
      resolve({ ok, output, seconds: (performance.now() - started) / 1000 });
    };
    child.on('error', (error) => {
      output += `${error.message}\n`;
      end(false);
    });
    child.on('close', (code) => end(code === 0));
  });
}

/** The JavaScript of a package's command, run by this Node: the same on every system, no shell, no .cmd. */
export function tool(path, ...args) {
  return [process.execPath, [path, ...args]];
}
