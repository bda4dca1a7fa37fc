import { createHash } from 'node:crypto';
import { join } from 'node:path';
import * as z from 'zod';
import { t } from '#core/words/words.ts';
import { errorText, type Said, unusable } from '../told.ts';
import { defaultAddress, formatAddress } from './address.ts';
import { firstLine, sentence } from './configuration.ts';
import { buildTarget, type Candidate, type EndpointDefaults } from './endpoint.ts';
import type { System } from './system.ts';
import { readTlsFolder, type TlsMaterial } from './tls.ts';

/** The CLI walks the folder without a limit; ours keeps a loop of links from walking forever. */
const MAX_DEPTH = 8;

const metaSchema = z.object({
  Name: z.string().min(1),
  Endpoints: z.record(
    z.string(),
    z.object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }).nullable(),
  ),
});

export async function readStore(defaults: EndpointDefaults, problems: string[]): Promise<Candidate[]> {
  const root = join(defaults.folder, 'contexts', 'meta');
  const folders = await findMetaFolders(defaults.system, root, '', 0, problems);
  return Promise.all(folders.map((folder) => readContext(defaults, root, folder)));
}

async function findMetaFolders(
  system: System,
  root: string,
  relative: string,
  depth: number,
  problems: string[],
): Promise<string[]> {
  if (depth > MAX_DEPTH) return [];
  let names: readonly string[];
  try {
    names = await system.readFolder(join(root, relative));
  } catch (error) {
    problems.push(
      t('{path} cannot be read ({reason}): contexts may be missing. Check who may read it.', {
        path: join(root, relative),
        reason: firstLine(error),
      }),
    );
    return [];
  }
  if (names.includes('meta.json') && relative !== '') return [relative];
  const below = await Promise.all(
    names.map((name) =>
      findMetaFolders(system, root, relative === '' ? name : `${relative}/${name}`, depth + 1, problems),
    ),
  );
  return below.flat();
}

async function readContext(defaults: EndpointDefaults, root: string, folder: string): Promise<Candidate> {
  const path = join(root, folder, 'meta.json');
  const broken = (name: string, written: string | null, reason: Said): Candidate => ({
    name,
    source: `context ${name}`,
    written,
    current: false,
    configured: true,
    target: unusable(reason),
  });

  let meta: z.infer<typeof metaSchema>;
  try {
    meta = metaSchema.parse(JSON.parse((await defaults.system.readFile(path)) ?? ''));
  } catch (error) {
    return broken(folder.slice(0, 12), null, () =>
      t('{path} cannot be read ({reason}). Remove the context and create it again.', {
        path,
        reason: firstLine(error),
      }),
    );
  }

  const host = meta.Endpoints.docker?.Host ?? '';
  if (contextFolder(meta.Name) !== folder) {
    return broken(meta.Name, host === '' ? null : host, () =>
      t(
        '{path} is in the wrong folder for its name, so docker cannot find it. Remove it and create the context again.',
        { path },
      ),
    );
  }
  if (!meta.Endpoints.docker) {
    const name = JSON.stringify(meta.Name);
    return broken(meta.Name, null, () => t('The context {name} has no docker endpoint. Create it again.', { name }));
  }
  const written = host === '' ? formatAddress(defaultAddress(defaults.system.platform)) : host;
  let target: Candidate['target'];
  try {
    const tls = await contextTls(defaults, meta.Name, meta.Endpoints.docker.SkipTLSVerify ?? false);
    target = buildTarget(defaults, meta.Name, written, tls);
  } catch (error) {
    target = unusable(() => sentence(errorText(error)));
  }
  return { name: meta.Name, source: `context ${meta.Name}`, written, current: false, configured: true, target };
}

/** The folder of a context in the store: the SHA-256 of its name in hexadecimal. */
export function contextFolder(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

async function contextTls(defaults: EndpointDefaults, name: string, skipVerify: boolean): Promise<TlsMaterial | null> {
  const folder = join(defaults.folder, 'contexts', 'tls', contextFolder(name), 'docker');
  const tls = await readTlsFolder(defaults.system, folder, !skipVerify);
  const empty = tls.ca === null && tls.cert === null && tls.key === null;
  return empty && !skipVerify ? null : tls;
}
