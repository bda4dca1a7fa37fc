import { and, sentences, t } from '#core/words/words.ts';
import { type Said, ToldError } from '../told.ts';
import { explainFailure, oneLine } from './failure.ts';

/**
 * An engine's refusal or absence. `message` is the engine's own text where it answered; where the connection failed, what
 * that means and what to do.
 */
export class EngineError extends ToldError {
  readonly code = 'engine';
  /** The HTTP status; null when no answer came. */
  readonly status: number | null;
  /** Node's code of a failed connection, for example `ENOENT`; else null. */
  readonly systemCode: string | null;
  /** True when something between us and the engine refused, which answers in its own words and not in the engine's. */
  readonly byProxy: boolean;
  /** What a proxy did, without what it needs. */
  readonly fact: Said;

  constructor(
    text: string | Said,
    status: number | null,
    systemCode: string | null = null,
    byProxy = false,
    fact: Said | null = null,
  ) {
    super(text);
    this.name = 'EngineError';
    this.status = status;
    this.systemCode = systemCode;
    this.byProxy = byProxy;
    this.fact = fact ?? this.say;
  }
}

/** The parts of the API, as filtering proxies name them. Source: Tecnativa/docker-socket-proxy, README. */
const SECTIONS: readonly (readonly [RegExp, string])[] = [
  [/^\/containers\//, 'CONTAINERS'],
  [/^\/images\//, 'IMAGES'],
  [/^\/exec\//, 'EXEC'],
  [/^\/events/, 'EVENTS'],
  [/^\/info/, 'INFO'],
  [/^\/version/, 'VERSION'],
  [/^\/_ping/, 'PING'],
  [/^\/volumes/, 'VOLUMES'],
  [/^\/networks/, 'NETWORKS'],
];

/** Which switches of a filtering proxy let a request through, for example `IMAGES=1` and `POST=1`. */
function proxySwitches(method: string, path: string): string[] {
  const section = SECTIONS.find(([start]) => start.test(path))?.[1];
  const exec = /^\/containers\/[^/]+\/exec$/.test(path) ? 'EXEC' : undefined;
  const names = [section, exec, method === 'GET' ? undefined : 'POST'];
  return names.flatMap((name) => (name === undefined ? [] : [`${name}=1`]));
}

/** An answer that refuses: the engine's own words where there are any, else it is taken for a proxy's. */
export function refusedRequest(method: string, path: string, status: number, body: string): EngineError {
  const text = messageOf(body);
  if (text !== null) {
    const old = /^client version/.test(text);
    return new EngineError(old ? () => explainFailure({ text, code: null, address: '' }) : oneLine(text), status);
  }
  // An engine refuses in JSON. Any other answer is a proxy's, and all that can be told is which request it refused.
  const request = `${method} ${path.replace(/[0-9a-f]{64}/, '…')} (HTTP ${status})`;
  if (status >= 502 && status <= 504) {
    const said = (): string =>
      t(
        'A proxy in front of the engine cannot reach it: {request}. Check that the engine runs, and where the proxy looks for it.',
        { request },
      );
    return new EngineError(said, status, null, true);
  }
  // Followed, it could lead anywhere.
  if (status >= 300 && status < 400) {
    const said = (): string =>
      t(
        'What answers there redirects {request}, which an engine does not do, and Bulkhead does not follow. Give the address of the engine itself.',
        { request },
      );
    return new EngineError(said, status);
  }
  // Some proxies say that they do not know what they do not let through.
  if ((status >= 400 && status < 500) || status === 501) {
    const switches = proxySwitches(method, path);
    const fact = (): string => t('A proxy in front of the engine refuses {request}.', { request });
    const said = (): string =>
      sentences(fact(), switches.length === 0 ? null : t('It needs {switches}.', { switches: and(switches) }));
    return new EngineError(said, status, null, true, fact);
  }
  return new EngineError(() => t('The engine answers {request} without saying why.', { request }), status);
}

/** The `message` of an engine's JSON, or Podman's `cause` with it; null for anything else. */
function messageOf(body: string): string | null {
  try {
    const value: unknown = JSON.parse(body);
    const message = typeof value === 'object' && value !== null && 'message' in value ? value.message : null;
    return typeof message === 'string' ? message : null;
  } catch {
    return null;
  }
}
