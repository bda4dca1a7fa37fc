import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { HELPER_LABEL } from '#core/parse/container.ts';
import type { Engine } from '#core/snapshot/snapshot.ts';
import { t } from '#core/words/words.ts';
import type { EngineClient } from '../engine/engine.ts';
import { EngineError } from '../engine/engine-error.ts';
import { candidates, probeArch, readProbe } from './binary.ts';
import { HelperRefusedError } from './refusal.ts';
import { tarOf } from './tar.ts';

/**
 * The name begins with a registry's host that does not exist: so it means the same to Docker and Podman, and nothing
 * can be pulled for it.
 */
const REPOSITORY = 'localhost/bulkhead-probe';
export const PROGRAM = 'bulkhead-probe';

/**
 * Imports an image unless the engine has this very one already. Nothing is ever pulled.
 * @param purpose the value of its label: earlier images with the same are removed
 */
async function importHelperImage(
  client: EngineClient,
  tag: string,
  tar: () => Uint8Array,
  purpose: string,
): Promise<string> {
  const name = `${REPOSITORY}:${tag}`;
  const label = `${HELPER_LABEL}=${purpose}`;
  if (await client.hasImage(name)) return name;
  try {
    await client.importImage(tar(), name, [`LABEL ${label}`]);
  } catch (error) {
    // An engine that was lost meanwhile has refused nothing.
    if (!(error instanceof EngineError) || error.status === null || error.byProxy) throw error;
    throw new HelperRefusedError(
      'import-refused',
      () => t("The engine refused to import the probe's image: {reason}", { reason: error.say() }),
      () => t('Allow image import, or go on with what the engine itself tells.'),
    );
  }
  // Images of earlier versions are of no use any more.
  for (const image of await client.imagesLabelled(label)) {
    if (!image.tags.includes(name)) await client.removeImage(image.id).catch(() => {});
  }
  return name;
}

/** The image that holds the probe alone. */
export async function ensureImage(client: EngineClient, engine: Engine): Promise<string> {
  const arch = probeArch(engine.arch);
  if (arch === null) {
    throw new HelperRefusedError(
      'foreign-arch',
      () =>
        t('There is no probe for {arch} engines, so processes and namespaces cannot be read.', { arch: engine.arch }),
      () => t('amd64 and arm64 are supported.'),
    );
  }
  const { bytes } = await readProbe(arch);
  const tag = `${createHash('sha256').update(bytes).digest('hex').slice(0, 12)}-${arch}`;
  return importHelperImage(client, tag, () => tarOf([{ name: PROGRAM, content: bytes }]), 'image');
}

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
