import { join } from 'node:path';
import * as z from 'zod';
import { t } from '#core/words/words.ts';
import { errorText, unusable } from '../told.ts';
import { defaultAddress, formatAddress } from './address.ts';
import { configFolder, firstLine, nonEmpty, sentence } from './configuration.ts';
import { readStore } from './context-store.ts';
import { buildTarget, type Candidate, type EndpointDefaults } from './endpoint.ts';
import type { System } from './system.ts';
import { environmentTls } from './tls.ts';

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

const configSchema = z.object({
  currentContext: z.string().optional(),
  HttpHeaders: z.record(z.string(), z.string()).nullish(),
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
  const defaults = await readDefaults(system, problems);
  const choice = chooseContext(system, options, defaults.currentContext);

  const stored = await readStore(defaults, problems);
  const found = stored.some((candidate) => candidate.name === choice.name) || choice.name === DEFAULT_CONTEXT;
  const candidates: Candidate[] = [
    await defaultCandidate(defaults, options, choice.name === DEFAULT_CONTEXT),
    ...stored.map((candidate) => ({ ...candidate, current: candidate.name === choice.name })),
  ];
  if (!found) candidates.push(missingContext(choice));
  candidates.sort((a, b) => Number(b.current) - Number(a.current) || compareText(a.name, b.name));
  return { candidates, problems };
}

/** An endpoint for an address that somebody typed; the environment's TLS applies to it, as to `docker --host`. */
export async function endpointForAddress(system: System, written: string): Promise<Candidate['target']> {
  // An unreadable configuration is reported with the list of endpoints.
  const defaults = await readDefaults(system, []);
  return plainTarget(defaults, written);
}

async function readDefaults(system: System, problems: string[]): Promise<EndpointDefaults> {
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

async function defaultCandidate(
  defaults: EndpointDefaults,
  options: ConfigurationOptions,
  current: boolean,
): Promise<Candidate> {
  const variable = nonEmpty(defaults.system.env.DOCKER_HOST);
  const written = options.host ?? variable;
  const source = options.host ? '--host option' : variable === null ? 'context default' : 'DOCKER_HOST';
  const target = await plainTarget(defaults, written ?? formatAddress(defaultAddress(defaults.system.platform)));
  // The default address is a guess as long as docker does not use it.
  return { name: DEFAULT_CONTEXT, source, written, current, configured: written !== null || current, target };
}

async function plainTarget(defaults: EndpointDefaults, written: string): Promise<Candidate['target']> {
  try {
    const tls = await environmentTls(defaults.system);
    return buildTarget(defaults, DEFAULT_CONTEXT, written, tls);
  } catch (error) {
    return unusable(() => sentence(errorText(error)));
  }
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

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
