import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { createFrameReader, type FrameOrProblem } from '../../src/core/parse/frames.ts';
import { describeWith } from '../support/require.ts';
import { createChildren, PROBE, PROBE_NEEDS } from './probe.ts';

const INTERVAL = 200;

/** A probe that watches, and the frames it has written so far. */
function watch(interval = INTERVAL) {
  const child = spawn(PROBE, ['watch', '--interval', String(interval)], { stdio: ['pipe', 'pipe', 'inherit'] });
  const frames: FrameOrProblem[] = [];
  const reader = createFrameReader();
  const waiting = new Set<() => void>();
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.stdout.setEncoding('utf8');
  child.stdout.on('data', (text: string) => {
    frames.push(...reader.push(text));
    for (const check of [...waiting]) check();
  });
  function until<T>(what: string, find: () => T | undefined | false, ms = 5_000): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`waited for ${what}`)), ms);
      const check = (): void => {
        const found = find();
        if (found === undefined || found === false) return;
        waiting.delete(check);
        clearTimeout(timer);
        resolve(found);
      };
      waiting.add(check);
      check();
    });
  }
  const batches = () => frames.filter(({ t }) => t === 'end').length;
  return {
    child,
    frames,
    until,
    ended,
    batches,
    say: (line: string) => child.stdin.write(`${line}\n`),
    batch: (number: number) => until(`batch ${number}`, () => batches() >= number),
  };
}

describeWith('the probe, watching', PROBE_NEEDS, () => {
  const children = createChildren();
  let folder: string;
  let holder: string;
  let probe: ReturnType<typeof watch> | null = null;

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-probe-'));
    holder = join(folder, 'holder');
    execFileSync('gcc', ['-O1', '-pthread', '-o', holder, 'native/probe/test/holder.c']);
  });
  afterEach(() => {
    children.end();
    probe?.child.kill('SIGKILL');
    probe = null;
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('begins with its version and the machine, then everything, then only what changes', async () => {
    const { pid } = await children.start('sh', '-c', 'echo ready; exec sleep 1000');
    probe = watch();
    await probe.batch(4);
    expect(probe.frames[0]).toMatchObject({ t: 'hello', protocol: 1, mode: 'watch', pid: probe.child.pid });
    expect(probe.frames[1]).toMatchObject({ t: 'host', kernel: expect.any(String) });
    const told = probe.frames.filter((frame) => frame.t === 'process' && frame.pid === pid);
    expect(told).toHaveLength(1);
    const numbers = probe.frames.flatMap((frame) => (frame.t === 'end' ? [frame.batch] : []));
    expect(numbers.slice(0, 4)).toEqual([1, 2, 3, 4]);
  });

  it('tells new and ended processes and namespaces, with the identity of what ended', async () => {
    probe = watch();
    await probe.batch(1);
    const { pid } = await children.start('unshare', '--net', 'sh', '-c', 'echo ready; exec sleep 1000');
    const net = readlinkSync(`/proc/${pid}/ns/net`);
    const { until, frames } = probe;
    const came = await until('the process', () => frames.find((frame) => frame.t === 'process' && frame.pid === pid));
    await until('the namespace', () => frames.some((frame) => frame.t === 'namespace' && frame.id === net));
    children.end();
    const gone = await until('its end', () => frames.find((one) => one.t === 'process-gone' && one.pid === pid));
    expect(gone).toMatchObject({ startTime: came.t === 'process' ? came.startTime : -1 });
    await until('the end of the namespace', () => frames.some((one) => one.t === 'namespace-gone' && one.id === net));
  });

  it('sees within two intervals that a quiet process moved to another namespace', async () => {
    const { pid, child } = await children.start(holder, 'move');
    probe = watch();
    await probe.batch(3);
    const before = readlinkSync(`/proc/${pid}/ns/uts`);
    const seen = probe.batches();
    child.stdin?.write('\n');
    const { frames } = probe;
    await probe.until('the move', () =>
      frames.find((frame) => frame.t === 'process' && frame.pid === pid && frame.namespaces.uts !== before),
    );
    expect(probe.batches() - seen).toBeLessThanOrEqual(2);
    expect(readlinkSync(`/proc/${pid}/ns/uts`)).not.toBe(before);
  });

  it('looks again at once when asked, keeps a new interval, and says what it does not know', async () => {
    probe = watch(3_600_000);
    await probe.batch(1);
    probe.say('rescan');
    await probe.batch(2);
    probe.say('what is this');
    const { frames } = probe;
    const replies = () => frames.filter(({ t }) => t === 'reply');
    await probe.until('a reply', () => replies().length === 1);
    expect(replies()).toMatchObject([{ error: 'bad-command', message: expect.stringContaining('rescan') }]);
    expect(probe.batches()).toBe(2);
    probe.say('interval 50');
    await probe.batch(6);
    probe.say(`${'x'.repeat(200_000)}\nrescan`);
    await probe.batch(8);
    expect(frames.filter(({ t }) => t === 'problem')).toEqual([]);
  });

  it('ends when its parent closes stdin, or when nobody reads', async () => {
    probe = watch();
    await probe.batch(1);
    probe.child.stdin.end();
    expect(await probe.ended).toBe(0);
    const other = watch(20);
    await other.batch(1);
    other.child.stdout.destroy();
    // Something must change for it to write.
    for (let index = 0; index < 20; index++) execFileSync('true');
    expect(await other.ended).toBe(0);
  });

  it.each(['watch', 'serve'])('%s ends after a silence, though its stdin is open and nobody reads', async (verb) => {
    const child = spawn(PROBE, [verb, '--silence', '700'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.once('exit', (_code, signal) => resolve(signal)));
    for (let sign = 0; sign < 10; sign++) {
      child.stdin.write('\n');
      await new Promise((resolve) => setTimeout(resolve, 150));
    }
    expect(child.signalCode).toBeNull();
    // More than a pipe holds: it waits for a reader from here on.
    const much = verb === 'watch' ? 'rescan\n' : `files 1 ${process.pid} 0 ${'x'.repeat(50_000)}\n`;
    child.stdin.write(much.repeat(20));
    expect(await ended).toBe('SIGALRM');
  });

  it('refuses wrong use with what would be right', () => {
    for (const args of [
      [],
      ['look'],
      ['watch', '--interval'],
      ['watch', '--interval', '1'],
      ['serve', '--silence'],
      ['serve', '--interval', '50'],
      ['scan', 'x'],
    ]) {
      const run = () => execFileSync(PROBE, args, { stdio: ['ignore', 'pipe', 'pipe'] });
      expect(run, args.join(' ')).toThrow(expect.objectContaining({ status: 2 }));
    }
  });
});
