import type { EndpointReport } from '#api/contract.ts';
import { CliError, EXIT } from './exit-codes.ts';
import { safe } from './text.ts';

/** The endpoint to use, and what the user should know about the choice; null when it is the obvious one. */
export interface Choice {
  readonly id: string;
  readonly notice: string | null;
}

function unusable(reports: readonly EndpointReport[]): string {
  const reasons = reports
    .filter((report) => !report.usable && report.reason !== null)
    .map((report) => `  ${safe(report.name)}: ${safe(report.reason ?? '')}`);
  return reasons.length === 0 ? '' : `\n${reasons.join('\n')}`;
}

/**
 * Without a wish: the endpoint that the docker command line would use, else the first usable engine, else this machine.
 * With one: the endpoint of that id, name, address or context; an address that nobody listed is passed on as it is.
 * The recording is never chosen unasked: a script must not take it for facts.
 * @throws CliError when nothing can be used
 */
export function chooseEndpoint(reports: readonly EndpointReport[], wish: string | undefined): Choice {
  if (wish !== undefined) {
    const found =
      reports.find((report) => report.id === wish || report.address === wish) ??
      reports.find((report) => report.name === wish || report.sources.includes(`context ${wish}`));
    if (found === undefined) {
      if (/^(unix|npipe|tcp|http|https|ssh):\/\//.test(wish)) return { id: wish, notice: null };
      throw new CliError(
        EXIT.noEndpoint,
        `There is no endpoint "${safe(wish)}". \`bulkhead endpoints\` lists what can be named.`,
      );
    }
    if (!found.usable) {
      throw new CliError(
        EXIT.noEndpoint,
        `${safe(found.name)} cannot be used: ${safe(found.reason ?? 'unknown reason')}`,
      );
    }
    return { id: found.id, notice: null };
  }
  const current = reports.find((report) => report.current);
  if (current?.usable === true) return { id: current.id, notice: null };
  const other =
    reports.find((report) => report.usable && report.type === 'engine') ??
    reports.find((report) => report.usable && report.type === 'local');
  if (other === undefined) {
    throw new CliError(
      EXIT.noEndpoint,
      `No engine can be used. Start Docker, or name one with --endpoint.${unusable(reports)}`,
    );
  }
  const what = other.type === 'local' ? "this machine's own processes" : safe(other.name);
  const why = current === undefined ? 'no engine was found' : `${safe(current.name)} cannot be used`;
  return { id: other.id, notice: `Showing ${what}, because ${why}.` };
}
