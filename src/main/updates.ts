import { t } from '#core/words/words.ts';

/** What Bulkhead needs of electron-updater. */
export interface Updater {
  /** False: nothing is fetched before `downloadUpdate`. */
  autoDownload: boolean;
  /** False: nothing is installed before `quitAndInstall`. */
  autoInstallOnAppQuit: boolean;
  checkForUpdates(): Promise<{ isUpdateAvailable: boolean; updateInfo: { version: string } } | null>;
  downloadUpdate(): Promise<unknown>;
  quitAndInstall(): void;
}

/** Words for the user; the answer is whether the user chose `action`. Without an action there is only something to read. */
export type Ask = (message: string, detail: string, action: string | null) => Promise<boolean>;

/**
 * Looks for a newer release, and asks before it fetches and before it installs.
 * @param asked whether the user asked for this look; one at the start says nothing where there is no release, or no network
 */
export async function lookForUpdate(updater: Updater, current: string, ask: Ask, asked: boolean): Promise<void> {
  let awaited = asked;
  updater.autoDownload = false;
  updater.autoInstallOnAppQuit = false;
  try {
    const found = await updater.checkForUpdates();
    if (found === null || !found.isUpdateAvailable) {
      if (asked) await ask(t('Bulkhead {version} is the newest release.', { version: current }), '', null);
      return;
    }
    const { version } = found.updateInfo;
    if (
      !(await ask(
        t('Bulkhead {version} is there.', { version }),
        t('This is {version}.', { version: current }),
        t('Download'),
      ))
    )
      return;
    awaited = true;
    await updater.downloadUpdate();
    if (
      !(await ask(
        t('Bulkhead {version} is downloaded.', { version }),
        t('It is installed when Bulkhead restarts.'),
        t('Restart now'),
      ))
    )
      return;
    updater.quitAndInstall();
  } catch (error) {
    if (!awaited) return;
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
    await ask(t('The update failed.'), `${reason}\n\n${t('This version goes on as it is.')}`, null);
  }
}

/** Whether this installation can replace itself; a package manager's is the package manager's to update. */
export function updatesItself(packaged: boolean, platform: string, appImage: string | undefined): boolean {
  return packaged && (platform === 'win32' || platform === 'darwin' || appImage !== undefined);
}
