import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { describeWith } from '../support/require.ts';
import { PROBE, PROBE_NEEDS } from './probe.ts';

describeWith('what the probe may do while it reads', PROBE_NEEDS, () => {
  let folder: string;
  let program: string;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-sandbox-'));
    program = join(folder, 'sandbox');
    const sources = ['native/probe/test/sandbox.c', 'native/probe/src/sandbox.c'];
    execFileSync('gcc', ['-D_GNU_SOURCE', '-O1', '-static', ...sources, '-o', program]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.each(['scan', 'watch'])('%s is filtered', async (mode) => {
    const child = spawn(PROBE, [mode], { stdio: ['pipe', 'pipe', 'inherit'] });
    // Its first line waits in the pipe while it scans on.
    await new Promise<void>((resolve) => child.stdout.once('data', () => resolve()));
    child.stdout.pause();
    if (mode === 'watch') {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      expect(status).toMatch(/^Seccomp:\s+2$/m);
      expect(status).toMatch(/^NoNewPrivs:\s+1$/m);
    }
    child.stdout.resume();
    const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })));
    child.stdin.end();
    expect(await ended).toEqual({ code: 0, signal: null });
  });

  it('reads, writes to stdout, and takes memory', () => {
    expect(spawnSync(program, ['read'])).toMatchObject({ status: 0, signal: null });
  });

  it.each([
    ...['open-to-write', 'create', 'truncate', 'write-elsewhere', 'close-stdout', 'dup2', 'socket', 'fork', 'exec'],
    ...['kill', 'ptrace', 'setns', 'code', 'ioctl'],
  ])('dies at %s', (call) => {
    expect(spawnSync(program, [call])).toMatchObject({ status: null, signal: 'SIGSYS' });
  });

  it('starts also where one of its three files is closed, and writes to none other in its place', () => {
    for (const redirection of ['<&-', '2>&-', '<&- 2>&-']) {
      const out = execFileSync('sh', ['-c', `${PROBE} scan ${redirection} | tail -n 1`], { encoding: 'utf8' });
      expect(JSON.parse(out)).toMatchObject({ t: 'end' });
    }
  });
});
