/**
 * What both hosts that serve the page must agree on: its policy, which of its files may be asked for, and their types.
 * Pure: the hosts read the files.
 */

/** Types by file extension. A file with any other extension is not served. */
const TYPES = new Map([
  ['html', 'text/html; charset=utf-8'],
  ['js', 'text/javascript; charset=utf-8'],
  ['css', 'text/css; charset=utf-8'],
  ['json', 'application/json; charset=utf-8'],
  ['svg', 'image/svg+xml'],
  ['png', 'image/png'],
  ['ico', 'image/x-icon'],
  ['ttf', 'font/ttf'],
  ['woff2', 'font/woff2'],
  ['wasm', 'application/wasm'],
]);

/**
 * The content security policy of the built page: no inline script, no eval, nothing from elsewhere.
 * @param connect origins that it may connect to besides its own, for example `ws://127.0.0.1:4000`
 */
export function contentSecurityPolicy(connect: readonly string[] = []): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    // The terminal gives characters their colours by attributes. An attribute styles one element and loads nothing.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data: blob:",
    "font-src 'self'",
    ["connect-src 'self'", ...connect].join(' '),
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** The headers of every answer, whichever host gives it. */
export function pageHeaders(connect: readonly string[] = []): Record<string, string> {
  return {
    'Content-Security-Policy': contentSecurityPolicy(connect),
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'Cross-Origin-Opener-Policy': 'same-origin',
    'Cross-Origin-Resource-Policy': 'same-origin',
  };
}

/** A file of the page: its path below the page's folder, with `/`, and its type. */
export interface PageFile {
  readonly path: string;
  readonly type: string;
}

/**
 * The file that a URL's path asks for; null when it is none that could be the page's. Decodes once. Refused are empty
 * segments, `.` and `..`, hidden files, backslashes, colons (drives and streams on Windows) and control characters, so
 * that the path can be joined to a folder on every system and stays below it.
 */
export function pageFile(urlPath: string): PageFile | null {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return null;
  }
  if (!decoded.startsWith('/')) return null;
  const path = decoded === '/' ? 'index.html' : decoded.slice(1);
  const segments = path.split('/');
  if (!segments.every((segment) => /^[\w-][\w.-]*$/.test(segment))) return null;
  const type = TYPES.get(path.slice(path.lastIndexOf('.') + 1));
  return type === undefined ? null : { path, type };
}
