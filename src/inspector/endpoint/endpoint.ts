import { unusable } from '../told.ts';
import { type Address, formatAddress, parseAddress } from './address.ts';
import type { System } from './system.ts';
import { checkTls, type TlsMaterial } from './tls.ts';

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

/** What every endpoint takes from docker's configuration and from the environment. */
export interface EndpointDefaults {
  readonly system: System;
  readonly folder: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly apiVersion: string | null;
  /** `currentContext` of config.json. */
  readonly currentContext: string | undefined;
}

export function buildTarget(
  defaults: EndpointDefaults,
  name: string,
  written: string,
  tls: TlsMaterial | null,
): Candidate['target'] {
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
      headers: defaults.headers,
      apiVersion: defaults.apiVersion,
    },
  };
}
