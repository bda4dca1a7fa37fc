/** The page's scheme and host: `app://bulkhead/`. */
export const APP_SCHEME = 'app';
export const APP_HOST = 'bulkhead';
export const APP_ORIGIN = `${APP_SCHEME}://${APP_HOST}`;

/** Hosts that a click may open in the user's browser: the sources that findings and the help name. */
const KNOWN_HOSTS: readonly string[] = ['docs.docker.com', 'docs.kernel.org', 'man7.org', 'github.com'];

/** The origin of an address; null when it has none. `URL.origin` is `null` for schemes of one's own, hence by parts. */
export function originOf(url: string): string | null {
  try {
    const { protocol, host } = new URL(url);
    return host === '' ? null : `${protocol}//${host}`;
  } catch {
    return null;
  }
}

/** True when the address belongs to the page itself. */
export function isOurs(url: string, pageOrigin: string): boolean {
  return originOf(url) === pageOrigin;
}

/** The address as it may be given to the user's browser: https, a known host, no credentials; null for all others. */
export function externalUrl(text: string): string | null {
  try {
    const url = new URL(text);
    const allowed =
      url.protocol === 'https:' &&
      url.port === '' &&
      url.username === '' &&
      url.password === '' &&
      KNOWN_HOSTS.includes(url.hostname);
    return allowed ? url.href : null;
  } catch {
    return null;
  }
}

/**
 * The address of the development server when there is one; only a loopback address is taken.
 * @param value of ELECTRON_RENDERER_URL, which electron-vite sets
 */
export function developmentUrl(value: string | undefined): string | null {
  if (value === undefined) return null;
  try {
    const url = new URL(value);
    return url.protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname) ? url.href : null;
  } catch {
    return null;
  }
}
