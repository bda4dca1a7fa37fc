import type { EndpointReport } from '#api/contract.ts';
import { visibleText } from '#core/text/visible.ts';
import { t } from '#core/words/words.ts';
import { CliError, EXIT } from './exit-codes.ts';

/** The endpoint to use, and what the user should know about the choice; null when it is the obvious one. */
export interface Choice {
  readonly id: string;
  readonly notice: string | null;
}

/** What the user asked for; one of them at most. */
export interface EndpointOptions {
  /** An id, name or address, or `local`. */
  readonly endpoint?: string;
  /** A context's name, as `docker --context` takes it. */
  readonly context?: string;
  /** The user agrees that helpers which only read may be privileged. */
  readonly privilegedHelper?: boolean;
}

function unusable(reports: readonly EndpointReport[]): string {
  const reasons = reports
    .filter((report) => !report.usable && report.reason !== null)
    .map(
      ({ name, reason }) =>
        `  ${t('{name}: {reason}', { name: visibleText(name), reason: visibleText(reason ?? '') })}`,
    );
  return reasons.length === 0 ? '' : `\n${reasons.join('\n')}`;
}

function usable(found: EndpointReport): Choice {
  if (found.usable) return { id: found.id, notice: null };
  throw new CliError(
    EXIT.noEndpoint,
    found.reason === null
      ? t('{name} cannot be used, and it is not known why.', { name: visibleText(found.name) })
      : t('{name} cannot be used: {reason}', { name: visibleText(found.name), reason: visibleText(found.reason) }),
  );
}

/** As docker does it: `default` is what DOCKER_HOST says where it is set. */
function chooseContext(reports: readonly EndpointReport[], name: string): Choice {
  const sources = name === 'default' ? ['context default', 'DOCKER_HOST'] : [`context ${name}`];
  const found = reports.find((report) => report.sources.some((source) => sources.includes(source)));
  if (found !== undefined) return usable(found);
  throw new CliError(
    EXIT.noEndpoint,
    t('context "{name}": context not found. `docker context ls` lists them.', { name: visibleText(name) }),
  );
}

/** Why it is not the endpoint that docker would use. */
function insteadText({ type, name }: EndpointReport, current: EndpointReport | undefined): string {
  if (current === undefined) {
    return type === 'local'
      ? t("Showing this machine's own processes, because no engine was found.")
      : t('Showing {name}, because no engine was found where docker looks.', { name: visibleText(name) });
  }
  const unusable = visibleText(current.name);
  return type === 'local'
    ? t("Showing this machine's own processes, because {unusable} cannot be used.", { unusable })
    : t('Showing {name}, because {unusable} cannot be used.', { name: visibleText(name), unusable });
}

/**
 * Without either: the endpoint that the docker command line would use, else the first usable engine, else this machine.
 * With one: the endpoint of that id, name, address or context; an address that nobody listed is passed on as it is.
 * The recording is never chosen unasked: a script must not take it for facts.
 * @throws CliError when nothing can be used
 */
export function chooseEndpoint(reports: readonly EndpointReport[], options: EndpointOptions): Choice {
  if (options.context !== undefined) return chooseContext(reports, options.context);
  if (options.endpoint !== undefined) {
    const text = options.endpoint;
    const found =
      reports.find((report) => report.id === text || report.address === text) ??
      reports.find((report) => report.name === text || report.sources.includes(`context ${text}`));
    if (found !== undefined) return usable(found);
    if (/^[a-z]+:\/\//.test(text)) return { id: text, notice: null };
    throw new CliError(
      EXIT.noEndpoint,
      t('There is no endpoint "{name}". `bulkhead endpoints` lists what can be named.', { name: visibleText(text) }),
    );
  }
  const current = reports.find((report) => report.current);
  if (current?.usable === true) return { id: current.id, notice: null };
  const other =
    reports.find((report) => report.usable && report.type === 'engine') ??
    reports.find((report) => report.usable && report.type === 'local');
  if (other === undefined) {
    throw new CliError(
      EXIT.noEndpoint,
      t('No engine can be used. Start Docker, or name one with --endpoint.') + unusable(reports),
    );
  }
  return { id: other.id, notice: insteadText(other, current) };
}
