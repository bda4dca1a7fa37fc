import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Engine } from '#core/snapshot/snapshot.ts';
import type { EngineClient } from '../engine/engine.ts';
import { candidates, probeArch, readProbe } from './binary.ts';
import { ensureImage, importHelperImage, PROGRAM } from './helper.ts';
import { tarOf } from './tar.ts';

/** In the helper's image; it is opened there and executed in the target's tree, where it need not be a file. */
const SHELL = 'busybox';

async function readShell(arch: 'amd64' | 'arm64'): Promise<Uint8Array | null> {
  for (const path of candidates('shell', arch, SHELL)) {
    const bytes = await readFile(path).catch(() => null);
    if (bytes !== null) return bytes;
  }
  return null;
}

/**
 * The image for shells: the probe, and beside it a static shell for targets that have none. Without a shell of ours for
 * the engine's architecture it is the probe's own image.
 */
export async function ensureShellImage(
  client: EngineClient,
  engine: Engine,
): Promise<{ image: string; shell: string | null }> {
  const arch = probeArch(engine.arch);
  const shell = arch === null ? null : await readShell(arch);
  if (arch === null || shell === null) return { image: await ensureImage(client, engine), shell: null };
  const { bytes } = await readProbe(arch);
  const digest = createHash('sha256').update(bytes).update(shell).digest('hex').slice(0, 12);
  const files = [
    { name: PROGRAM, content: bytes },
    { name: SHELL, content: shell },
  ];
  const image = await importHelperImage(client, `${digest}-${arch}-shell`, () => tarOf(files), 'shell-image');
  return { image, shell: `/${SHELL}` };
}
