import { t } from '#core/words/words.ts';

/**
 * Engine addresses in Docker's notation.
 *
 * Source: docker/cli opts/hosts.go (ParseHost, ParseTCPAddr) and cli/connhelper/ssh (ParseURL). Where the command line
 * accepts an address, so do we, with one exception: a path behind a TCP address, which our HTTP client cannot keep.
 */
export type Address =
  | { readonly kind: 'unix'; readonly path: string }
  /** `path` is what Node connects to: `//./pipe/name`. */
  | { readonly kind: 'npipe'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
  | {
      readonly kind: 'ssh';
      readonly user: string | null;
      readonly host: string;
      readonly port: number | null;
      /** The socket on the far side; null for what the far side's own configuration says. */
      readonly path: string | null;
    }
  | { readonly kind: 'fd'; readonly name: string };

export type ParsedAddress =
  | { readonly ok: true; readonly address: Address }
  | { readonly ok: false; readonly reason: string };

export const DEFAULT_UNIX_SOCKET = '/var/run/docker.sock';
export const DEFAULT_PIPE = '//./pipe/docker_engine';

/** Docker's ports: 2375 without TLS, 2376 with it. */
const PLAIN_PORT = 2375;
const TLS_PORT = 2376;

/** What the docker command line uses when nothing is configured. */
export function defaultAddress(platform: NodeJS.Platform): Address {
  return platform === 'win32' ? { kind: 'npipe', path: DEFAULT_PIPE } : { kind: 'unix', path: DEFAULT_UNIX_SOCKET };
}

/** @param options.tls whether TLS is on for this address: it decides the default TCP port. */
export function parseAddress(text: string, options: { readonly tls: boolean }): ParsedAddress {
  const trimmed = text.trim();
  if (trimmed === '') return refuse(t('The address is empty. Write one such as unix:///var/run/docker.sock.'));
  if (hasControlCharacters(trimmed)) {
    return refuse(t('The address {address} contains control characters. Write it anew.', { address: quote(trimmed) }));
  }
  const separator = trimmed.indexOf('://');
  const scheme = separator === -1 ? 'tcp' : trimmed.slice(0, separator).toLowerCase();
  const rest = separator === -1 ? trimmed : trimmed.slice(separator + 3);
  switch (scheme) {
    case 'unix':
      return parseUnix(rest, trimmed);
    case 'npipe':
      return parsePipe(rest, trimmed);
    case 'tcp':
      return parseTcp(rest, trimmed, options.tls);
    case 'ssh':
      return parseSsh(rest, trimmed);
    case 'fd':
      return accept({ kind: 'fd', name: rest });
    case 'http':
    case 'https':
      return refuse(
        t('Docker does not accept {scheme} addresses. Write {address} instead.', {
          scheme,
          address: `tcp://${withoutPassword(rest)}`,
        }),
      );
    default:
      return refuse(
        t('The address {address} has an unknown scheme. Use unix, npipe, tcp or ssh.', { address: quote(trimmed) }),
      );
  }
}

/** The normal form: equal text means the same address. */
export function formatAddress(address: Address): string {
  switch (address.kind) {
    case 'unix':
      return `unix://${address.path}`;
    case 'npipe':
      return `npipe://${address.path}`;
    case 'tcp':
      return `tcp://${bracket(address.host)}:${address.port}`;
    case 'ssh': {
      const user = address.user === null ? '' : `${encodeURIComponent(address.user)}@`;
      const port = address.port === null ? '' : `:${address.port}`;
      const path = address.path === null ? '' : address.path.split('/').map(encodeURIComponent).join('/');
      return `ssh://${user}${bracket(address.host)}${port}${path}`;
    }
    case 'fd':
      return `fd://${address.name}`;
  }
}

function parseUnix(rest: string, text: string): ParsedAddress {
  if (rest === '') return accept({ kind: 'unix', path: DEFAULT_UNIX_SOCKET });
  if (!rest.startsWith('/')) {
    return refuse(
      t('The socket path in {address} is not absolute. Write three slashes: {instead}.', {
        address: quote(text),
        instead: `unix:///${rest}`,
      }),
    );
  }
  return accept({ kind: 'unix', path: collapse(rest) });
}

function parsePipe(rest: string, text: string): ParsedAddress {
  if (rest === '') return accept({ kind: 'npipe', path: DEFAULT_PIPE });
  const path = rest.replaceAll('\\', '/');
  const match = /^\/\/(?<server>[^/]+)\/pipe\/(?<name>.+)$/i.exec(path);
  if (match?.groups === undefined) {
    return refuse(
      t('{address} is not a named pipe. Write it as npipe:////./pipe/docker_engine.', { address: quote(text) }),
    );
  }
  return accept({ kind: 'npipe', path: `//${match.groups.server}/pipe/${match.groups.name}` });
}

function parseTcp(rest: string, text: string, tls: boolean): ParsedAddress {
  const slash = rest.search(/[/?#]/);
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const tail = slash === -1 ? '' : rest.slice(slash);
  if (tail !== '' && tail !== '/') {
    return refuse(
      t('The address {address} has a path, which is not supported. Remove {path}.', {
        address: quote(text),
        path: quote(tail),
      }),
    );
  }
  if (authority.includes('@')) {
    return refuse(
      t('The address {address} has a user name, which TCP does not know. Remove it, or use ssh://.', {
        address: quote(text),
      }),
    );
  }
  const parts = splitAuthority(authority);
  if (parts === null) {
    return refuse(t('The address {address} is not host:port. Check the host and the port.', { address: quote(text) }));
  }
  const port = parts.port ?? (tls ? TLS_PORT : PLAIN_PORT);
  return accept({ kind: 'tcp', host: parts.host === '' ? 'localhost' : parts.host, port });
}

function parseSsh(rest: string, text: string): ParsedAddress {
  const fragment = rest.indexOf('#');
  if (fragment !== -1) {
    return refuse(t('extra fragment after the host: {text}', { text: quote(rest.slice(fragment + 1)) }));
  }
  const query = rest.indexOf('?');
  if (query !== -1) return refuse(t('extra query after the host: {text}', { text: quote(rest.slice(query + 1)) }));
  const slash = rest.indexOf('/');
  const authority = slash === -1 ? rest : rest.slice(0, slash);
  const rawPath = slash === -1 ? '' : rest.slice(slash);
  const at = authority.lastIndexOf('@');
  const rawUser = at === -1 ? null : authority.slice(0, at);
  // The reason must not repeat the address: it holds the password.
  if (rawUser?.includes(':')) {
    return refuse(t('plain-text password is not supported: remove it from the ssh address and use a key or an agent'));
  }
  const parts = splitAuthority(authority.slice(at + 1));
  if (parts === null) {
    return refuse(
      t('The address {address} is not a valid ssh address: check the host and the port.', { address: quote(text) }),
    );
  }
  if (parts.host === '') return refuse(t('no host specified in {address}', { address: quote(text) }));
  const user = rawUser === null || rawUser === '' ? null : decode(rawUser);
  const path = rawPath === '' || rawPath === '/' ? '' : decode(rawPath);
  if (user !== null && !isSafeUser(user)) {
    return refuse(
      t('The user name in {address} cannot be given to ssh. Put it into ~/.ssh/config for that host.', {
        address: quote(text),
      }),
    );
  }
  if (hasControlCharacters(path)) {
    return refuse(t('The address {address} contains control characters. Write it anew.', { address: quote(text) }));
  }
  return accept({ kind: 'ssh', user, host: parts.host, port: parts.port, path: path === '' ? null : path });
}

/**
 * What a configuration of ssh may put into a shell's command must not be able to end it; a leading hyphen would be an
 * option. Source: OpenSSH ssh.c (valid_ruser).
 */
function isSafeUser(user: string): boolean {
  return !user.startsWith('-') && !hasControlCharacters(user) && !/[\s'`"$;&<>|(){}\\]/.test(user);
}

/** `host`, `host:port`, `[v6]`, `[v6]:port`, or a bare IPv6 address; null when it is none of them. */
function splitAuthority(text: string): { host: string; port: number | null } | null {
  const bracketed = /^\[(?<host>[0-9a-fA-F:.]+(?:%[\w.-]+)?)\](?::(?<port>\d*))?$/.exec(text)?.groups;
  if (bracketed !== undefined) return withPort(bracketed.host ?? '', bracketed.port);
  const colons = text.split(':').length - 1;
  if (colons > 1) return /^[0-9a-fA-F:.]+$/.test(text) ? { host: text.toLowerCase(), port: null } : null;
  // Strict: a URL parser would cut other characters off, and a leading hyphen is an option to ssh.
  const plain = /^(?<host>(?!-)[\p{L}\p{N}._-]*)(?::(?<port>\d*))?$/u.exec(text)?.groups;
  return plain === undefined ? null : withPort(plain.host ?? '', plain.port);
}

function withPort(host: string, port: string | undefined): { host: string; port: number | null } | null {
  const lower = host.toLowerCase();
  if (port === undefined || port === '') return { host: lower, port: null };
  const number = Number(port);
  return number >= 1 && number <= 65535 ? { host: lower, port: number } : null;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function collapse(path: string): string {
  return path.replace(/\/{2,}/g, '/');
}

function bracket(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}

function hasControlCharacters(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0;
    if (code < 0x20 || code === 0x7f) return true;
  }
  return false;
}

/** An address as it may be shown: without a password, where somebody has written one into it. */
export function withoutPassword(text: string): string {
  const separator = text.indexOf('://');
  const start = separator === -1 ? 0 : separator + 3;
  // A password may hold a slash or an @, unescaped.
  return text.slice(0, start) + text.slice(start).replace(/^[^/@]+:.*@/, '…@');
}

function quote(text: string): string {
  return JSON.stringify(withoutPassword(text));
}

function accept(address: Address): ParsedAddress {
  return { ok: true, address };
}

function refuse(reason: string): ParsedAddress {
  return { ok: false, reason };
}
