import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import * as z from 'zod';
import { t } from '#core/words/words.ts';
import { errorText, type Said, ToldError, unusable } from '../told.ts';
import { type Address, defaultAddress, formatAddress, parseAddress } from './address.ts';
import type { System } from './system.ts';

/** TLS of one endpoint, as text in PEM. */
export interface TlsMaterial {
  /** Null: the system's own authorities. */
  readonly ca: string | null;
  /** Certificate and key of the client; both or neither. */
  readonly cert: string | null;
  readonly key: string | null;
  /** False: encrypt, but accept whoever answers. */
  readonly verify: boolean;
}

/** Everything needed to connect to an engine. */
export interface Endpoint {
  /** The address in its normal form; with TLS also the name, because one address may be met with several keys. */
  readonly id: string;
  readonly name: string;
  readonly address: Address;
  /** Null: no TLS. */
  readonly tls: TlsMaterial | null;
  /** Added to every request (`HttpHeaders` of config.json). */
  readonly headers: Readonly<Record<string, string>>;
  /** `DOCKER_API_VERSION` without a leading `v`: the version to use instead of negotiating one. */
  readonly apiVersion: string | null;
}

/** An endpoint that is configured or known, before anybody has tried it. */
export interface Candidate {
  readonly name: string;
  /** Where it was found, for example `context colima`. */
  readonly source: string;
  /** What was written there; null when nothing could be read. */
  readonly written: string | null;
  readonly current: boolean;
  /** False for a guess (a well-known socket): it is not worth a word when nothing is there. */
  readonly configured: boolean;
  readonly target:
    | { readonly ok: true; readonly endpoint: Endpoint }
    /** The reason says what to do. */
    | { readonly ok: false; readonly reason: string };
}

export interface DockerConfiguration {
  /** The current one first, then the others by name. */
  readonly candidates: readonly Candidate[];
  /** What does not belong to one endpoint, for example an unreadable config.json; sentences. */
  readonly problems: readonly string[];
}

export interface ConfigurationOptions {
  /** The `--context` option: beats everything else. */
  readonly context?: string;
  /** The `--host` option: it forces the context `default`. */
  readonly host?: string;
}

const DEFAULT_CONTEXT = 'default';

/** The CLI walks the folder without a limit; ours keeps a loop of links from walking forever. */
const MAX_DEPTH = 8;

const configSchema = z.object({
  currentContext: z.string().optional(),
  HttpHeaders: z.record(z.string(), z.string()).nullish(),
});

const metaSchema = z.object({
  Name: z.string().min(1),
  Endpoints: z.record(
    z.string(),
    z.object({ Host: z.string().optional(), SkipTLSVerify: z.boolean().optional() }).nullable(),
  ),
});

/** Thrown for `--host` together with `--context`, as the docker command line does. */
export class ConflictingOptionsError extends Error {
  override readonly name = 'ConflictingOptionsError';
  readonly code = 'conflicting-options';
}

/**
 * Reads the docker command line's contexts and variables, and finds the one it would use now.
 *
 * Source: docker/cli cli/command/cli.go (resolveContextName), cli/flags/options.go, cli/context/store.
 *
 * @throws ConflictingOptionsError
 */
export async function readDockerConfiguration(
  system: System,
  options: ConfigurationOptions = {},
): Promise<DockerConfiguration> {
  if (options.context && options.host) {
    throw new ConflictingOptionsError('conflicting options: cannot specify both --host and --context');
  }
  const problems: string[] = [];
  const shared = await readShared(system, problems);
  const choice = chooseContext(system, options, shared.currentContext);

  const stored = await readStore(shared, problems);
  const found = stored.some((candidate) => candidate.name === choice.name) || choice.name === DEFAULT_CONTEXT;
  const candidates: Candidate[] = [
    await defaultCandidate(shared, options, choice.name === DEFAULT_CONTEXT),
    ...stored.map((candidate) => ({ ...candidate, current: candidate.name === choice.name })),
  ];
  if (!found) candidates.push(missingContext(choice));
  candidates.sort((a, b) => Number(b.current) - Number(a.current) || compareText(a.name, b.name));
  return { candidates, problems };
}

/** TLS settings that the environment gives to the context `default` and to a plain address. */
export async function environmentTls(system: System): Promise<TlsMaterial | null> {
  const verify = nonEmpty(system.env.DOCKER_TLS_VERIFY) !== null;
  if (!verify && nonEmpty(system.env.DOCKER_TLS) === null) return null;
  const folder = nonEmpty(system.env.DOCKER_CERT_PATH) ?? configFolder(system);
  const tls = await readTlsFolder(system, folder, verify);
  if (verify && tls.ca === null) {
    throw new ToldError(() =>
      t(
        'could not read CA certificate {file}: put the file there, or point DOCKER_CERT_PATH at the folder that holds it.',
        { file: join(folder, 'ca.pem') },
      ),
    );
  }
  return tls;
}

/** An endpoint for an address that somebody typed; the environment's TLS applies to it, as to `docker --host`. */
export async function endpointForAddress(system: System, written: string): Promise<Candidate['target']> {
  // An unreadable configuration is reported with the list of endpoints.
  const shared = await readShared(system, []);
  return plainTarget(shared, written);
}

interface Shared {
  readonly system: System;
  readonly folder: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly apiVersion: string | null;
  /** `currentContext` of config.json. */
  readonly currentContext: string | undefined;
}

async function readShared(system: System, problems: string[]): Promise<Shared> {
  const folder = configFolder(system);
  const config = await readConfig(system, folder, problems);
  return {
    system,
    folder,
    headers: requestHeaders(config.HttpHeaders ?? {}),
    apiVersion: nonEmpty(system.env.DOCKER_API_VERSION)?.replace(/^v/, '') ?? null,
    currentContext: config.currentContext,
  };
}

interface Choice {
  readonly name: string;
  /** Who chose it, for the message when it does not exist. */
  readonly by: string;
}

function chooseContext(system: System, options: ConfigurationOptions, configured: string | undefined): Choice {
  if (options.context) return { name: options.context, by: t('the --context option') };
  if (options.host) return { name: DEFAULT_CONTEXT, by: t('the --host option') };
  if (nonEmpty(system.env.DOCKER_HOST) !== null) return { name: DEFAULT_CONTEXT, by: 'DOCKER_HOST' };
  const variable = nonEmpty(system.env.DOCKER_CONTEXT);
  if (variable !== null) return { name: variable, by: 'DOCKER_CONTEXT' };
  if (configured) return { name: configured, by: t('currentContext in config.json') };
  return { name: DEFAULT_CONTEXT, by: 'default' };
}

function missingContext(choice: Choice): Candidate {
  return {
    name: choice.name,
    source: `context ${choice.name}`,
    written: null,
    current: true,
    configured: true,
    target: unusable(() =>
      t(
        'context {name}: context not found (chosen by {by}). Create it, or choose another one: docker context ls, docker context use NAME.',
        { name: JSON.stringify(choice.name), by: choice.by },
      ),
    ),
  };
}

async function defaultCandidate(shared: Shared, options: ConfigurationOptions, current: boolean): Promise<Candidate> {
  const variable = nonEmpty(shared.system.env.DOCKER_HOST);
  const written = options.host ?? variable;
  const source = options.host ? '--host option' : variable === null ? 'context default' : 'DOCKER_HOST';
  const target = await plainTarget(shared, written ?? formatAddress(defaultAddress(shared.system.platform)));
  // The default address is a guess as long as docker does not use it.
  return { name: DEFAULT_CONTEXT, source, written, current, configured: written !== null || current, target };
}

async function plainTarget(shared: Shared, written: string): Promise<Candidate['target']> {
  try {
    const tls = await environmentTls(shared.system);
    return buildTarget(shared, DEFAULT_CONTEXT, written, tls);
  } catch (error) {
    return unusable(() => sentence(errorText(error)));
  }
}

function buildTarget(shared: Shared, name: string, written: string, tls: TlsMaterial | null): Candidate['target'] {
  const parsed = parseAddress(written, { tls: tls !== null });
  if (!parsed.ok) {
    return unusable(() => {
      const again = parseAddress(written, { tls: tls !== null });
      return again.ok ? '' : again.reason;
    });
  }
  // Sockets, pipes and ssh need no TLS: the command line ignores it there.
  const used = parsed.address.kind === 'tcp' ? tls : null;
  if (used !== null && checkTls(used) !== null) return unusable(() => checkTls(used) ?? '');
  return {
    ok: true,
    endpoint: {
      id:
        used === null ? formatAddress(parsed.address) : `${formatAddress(parsed.address)}#${encodeURIComponent(name)}`,
      name,
      address: parsed.address,
      tls: used,
      headers: shared.headers,
      apiVersion: shared.apiVersion,
    },
  };
}

/** Where the command line keeps its configuration. */
export function configFolder(system: System): string {
  return nonEmpty(system.env.DOCKER_CONFIG) ?? join(system.home, '.docker');
}

async function readConfig(system: System, folder: string, problems: string[]): Promise<z.infer<typeof configSchema>> {
  const path = join(folder, 'config.json');
  try {
    const text = await system.readFile(path);
    return text === null || text.trim() === '' ? {} : configSchema.parse(JSON.parse(text));
  } catch (error) {
    problems.push(
      t('{path} cannot be read ({reason}): the current context is not known. Correct the file.', {
        path,
        reason: firstLine(error),
      }),
    );
    return {};
  }
}

/** The CLI sets its own User-Agent whatever the file says; so the entry is dropped here too. */
function requestHeaders(headers: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(headers).filter(
    ([key, value]) =>
      /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/.test(key) &&
      /^[\t\x20-\x7e\x80-\xff]*$/.test(value) &&
      !/^user-agent$/i.test(key),
  );
  return Object.fromEntries(entries);
}

async function readStore(shared: Shared, problems: string[]): Promise<Candidate[]> {
  const root = join(shared.folder, 'contexts', 'meta');
  const folders = await findMetaFolders(shared.system, root, '', 0, problems);
  return Promise.all(folders.map((folder) => readContext(shared, root, folder)));
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

async function readContext(shared: Shared, root: string, folder: string): Promise<Candidate> {
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
    meta = metaSchema.parse(JSON.parse((await shared.system.readFile(path)) ?? ''));
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
  const written = host === '' ? formatAddress(defaultAddress(shared.system.platform)) : host;
  let target: Candidate['target'];
  try {
    const tls = await contextTls(shared, meta.Name, meta.Endpoints.docker.SkipTLSVerify ?? false);
    target = buildTarget(shared, meta.Name, written, tls);
  } catch (error) {
    target = unusable(() => sentence(errorText(error)));
  }
  return { name: meta.Name, source: `context ${meta.Name}`, written, current: false, configured: true, target };
}

/** The folder of a context in the store: the SHA-256 of its name in hexadecimal. */
export function contextFolder(name: string): string {
  return createHash('sha256').update(name).digest('hex');
}

async function contextTls(shared: Shared, name: string, skipVerify: boolean): Promise<TlsMaterial | null> {
  const folder = join(shared.folder, 'contexts', 'tls', contextFolder(name), 'docker');
  const tls = await readTlsFolder(shared.system, folder, !skipVerify);
  const empty = tls.ca === null && tls.cert === null && tls.key === null;
  return empty && !skipVerify ? null : tls;
}

async function readTlsFolder(system: System, folder: string, verify: boolean): Promise<TlsMaterial> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map(async (name) => {
      try {
        return await system.readFile(join(folder, name));
      } catch (error) {
        throw new ToldError(() =>
          t('{path} cannot be read ({reason}): check who may read it.', {
            path: join(folder, name),
            reason: firstLine(error),
          }),
        );
      }
    }),
  );
  return { ca: ca ?? null, cert: cert ?? null, key: key ?? null, verify };
}

/** Null when the files can be used, else why not. Both a missing half and an encrypted key are refused, as docker does. */
function checkTls(tls: TlsMaterial): string | null {
  if ((tls.cert === null) !== (tls.key === null)) {
    const missing = tls.cert === null ? 'cert.pem' : 'key.pem';
    return t('TLS: {file} is missing beside its counterpart. Put both files there, or neither.', { file: missing });
  }
  if (tls.key !== null && /ENCRYPTED/.test(tls.key)) {
    return t('TLS: the private key is encrypted, which docker does not support. Store it without a passphrase.');
  }
  try {
    createSecureContext({ ca: tls.ca ?? undefined, cert: tls.cert ?? undefined, key: tls.key ?? undefined });
    return null;
  } catch (error) {
    return t('TLS: the certificate files cannot be used ({reason}). Create them again.', { reason: firstLine(error) });
  }
}

function nonEmpty(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : text;
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function firstLine(error: unknown): string {
  if (error instanceof z.ZodError) {
    const issue = error.issues[0];
    if (issue === undefined) return t('wrong contents');
    const place = issue.path.map(String).join('.');
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  }
  return errorText(error).split('\n', 1)[0] ?? '';
}

function sentence(text: string): string {
  return /[.!?。]$/.test(text) ? text : `${text}.`;
}
