import { app, type Session, session, shell } from 'electron';
import { externalUrl, isOurs } from './origin.ts';

/** All that the page may use of what Chromium asks permission for: copying a text that the user asked to copy. */
const ALLOWED_PERMISSIONS: ReadonlySet<string> = new Set(['clipboard-sanitized-write']);

/** Denies every permission and device but the list above, whoever asks. */
export function denyPermissions(target: Session = session.defaultSession): void {
  target.setPermissionRequestHandler((_contents, permission, callback) =>
    callback(ALLOWED_PERMISSIONS.has(permission)),
  );
  target.setPermissionCheckHandler((_contents, permission) => ALLOWED_PERMISSIONS.has(permission));
  target.setDevicePermissionHandler(() => false);
}

/**
 * For every page there will ever be: it stays on its origin, opens no window, attaches no webview. Links to known
 * documentation open in the user's browser. Names of containers and images are other people's text: hence the list.
 */
export function confinePages(pageOrigin: string): void {
  app.on('web-contents-created', (_created, contents) => {
    contents.on('will-navigate', (event) => {
      if (!isOurs(event.url, pageOrigin)) event.preventDefault();
    });
    contents.on('will-frame-navigate', (event) => {
      if (!isOurs(event.url, pageOrigin)) event.preventDefault();
    });
    contents.on('will-redirect', (event) => {
      if (!isOurs(event.url, pageOrigin)) event.preventDefault();
    });
    contents.on('will-attach-webview', (event) => event.preventDefault());
    contents.setWindowOpenHandler(({ url }) => {
      const known = externalUrl(url);
      if (known !== null) void shell.openExternal(known).catch(() => {});
      return { action: 'deny' };
    });
  });
}
