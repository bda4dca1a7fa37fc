import type { Agent } from 'node:http';
import type { ConnectionOptions } from 'node:tls';
import type { Surroundings } from './products.ts';

/** How an engine is reached: made by `connect` in `endpoint`, used by the client. Nothing is sent by making it. */
export interface Connection {
  /** In Docker's notation. */
  readonly address: string;
  readonly route:
    | { readonly socketPath: string }
    | { readonly host: string; readonly port: number; readonly protocol: 'http' | 'https' };
  /** Holds every connection, so that `close` ends them all. */
  readonly agent: Agent;
  /** Added to every request. */
  readonly headers: Readonly<Record<string, string>>;
  /** The API version to use, for example `1.41`, instead of a negotiated one; null to negotiate. */
  readonly apiVersion: string | null;
  /** What another process needs to reach the same engine: TLS options of Node, or the arguments of `ssh`. */
  readonly secrets: { readonly tls?: ConnectionOptions; readonly ssh?: readonly string[] };
  /** Looked at when connecting has failed: it tells whose engine is missing, and who may use it. */
  surroundings(): Promise<Surroundings | null>;
  /** Ends what the connection started: sockets and `ssh` children. */
  close(): void;
}
