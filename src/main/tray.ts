import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Menu, type NativeImage, nativeImage, Tray } from 'electron';
import { t } from '#core/words/words.ts';

/** Its icon has 16 points, and pixels for a screen that is twice as fine. */
const ICON = { pixels: 32, scaleFactor: 2 } as const;

export interface TrayParts {
  /** Folder of the built page: the program's icon is among its files. */
  readonly page: string;
  /** Draws an SVG as PNG. */
  readonly draw: (svg: string) => Promise<Buffer>;
  /** Shows a window. */
  readonly open: () => void;
  readonly quit: () => void;
}

async function iconOf({ page, draw }: TrayParts): Promise<NativeImage> {
  const assets = join(page, 'assets');
  const name = (await readdir(assets)).find((each) => /^icon-.*\.svg$/.test(each)) ?? 'icon.svg';
  const svg = await readFile(join(assets, name), 'utf8');
  const png = await draw(svg.replace('<svg ', `<svg width="${ICON.pixels}" height="${ICON.pixels}" `));
  return nativeImage.createFromBuffer(png, { scaleFactor: ICON.scaleFactor });
}

/** The entry in the menu bar or beside the clock, for whoever wants one: with it, the app stays when no window is open. */
export function createTrayEntry(parts: TrayParts) {
  let wanted = false;
  let icon: Promise<NativeImage> | null = null;
  let entry: Tray | null = null;
  return {
    /** Whether the app can be found again without a window. */
    isThere: (): boolean => entry !== null,
    /** Also called when the language has changed. */
    async show(next: boolean): Promise<void> {
      wanted = next;
      if (!wanted) {
        entry?.destroy();
        entry = null;
        return;
      }
      icon ??= iconOf(parts);
      const image = await icon;
      // It may have been switched off meanwhile.
      if (!wanted) return;
      if (entry === null) {
        entry = new Tray(image);
        entry.setToolTip('Bulkhead');
        entry.on('click', parts.open);
      }
      entry.setContextMenu(
        Menu.buildFromTemplate([
          { label: t('Open Bulkhead'), click: parts.open },
          { type: 'separator' },
          { label: t('Quit Bulkhead'), click: parts.quit },
        ]),
      );
    },
  };
}
