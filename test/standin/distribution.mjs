// Unpacked Electrons with the stand-in in the place of the program, for `npm run package`: the files that packaging looks
// for have their true names and forms, the others are left out.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
/** Before the fuses in Electron's program; then their version, their number and each one's state. Source: @electron/fuses. */
export const SENTINEL = 'dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX';
const FUSES = `${SENTINEL}\u0001\u0009101100011`;
/** A program for Windows that is small and has a version. */
const WINDOWS_PROGRAM = join(here, '../../node_modules/electron-winstaller/vendor/rcedit.exe');

const plist = (name) => `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>CFBundleExecutable</key><string>${name}</string>
<key>CFBundleIdentifier</key><string>com.github.Electron</string>
<key>CFBundleName</key><string>${name}</string>
</dict></plist>
`;

const FILES = {
  linux: () => ({
    electron: `#!/usr/bin/env node\nimport('./standin/packaged.mjs');\n// ${FUSES}\n`,
    'chrome-sandbox': '#!/bin/true\n',
  }),
  win: () => ({ 'electron.exe': Buffer.concat([readFileSync(WINDOWS_PROGRAM), Buffer.from(FUSES)]) }),
  mac: () => {
    const app = 'Electron.app/Contents';
    const helpers = ['', ' (Renderer)', ' (Plugin)', ' (GPU)'].map((kind) => `Electron Helper${kind}`);
    const framework = `${app}/Frameworks/Electron Framework.framework`;
    return {
      [`${app}/Info.plist`]: plist('Electron'),
      [`${app}/MacOS/Electron`]: '#!/bin/true\n',
      [`${framework}/Electron Framework`]: FUSES,
      [`${framework}/Versions/A/Resources/en.lproj/locale.pak`]: '',
      ...Object.fromEntries(
        helpers.flatMap((name) => [
          [`${app}/Frameworks/${name}.app/Contents/Info.plist`, plist(name)],
          [`${app}/Frameworks/${name}.app/Contents/MacOS/${name}`, '#!/bin/true\n'],
        ]),
      ),
    };
  },
};

/**
 * Writes one into `folder`.
 * @param {string} folder
 * @param {'linux' | 'win' | 'mac'} system
 */
export function writeDistribution(folder, system) {
  const own = FILES[system]();
  const beside = system === 'mac' ? {} : { 'locales/en-US.pak': '', 'locales/zh-CN.pak': '', 'locales/de.pak': '' };
  const resources = system === 'mac' ? {} : { 'resources/default_app.asar': '' };
  const licences = { LICENSE: "Electron's licence\n", 'LICENSES.chromium.html': "Chromium's licences\n" };
  for (const [path, content] of Object.entries({ ...own, ...beside, ...resources, ...licences })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content, { mode: /electron$|sandbox$|MacOS\//.test(path) ? 0o755 : 0o644 });
  }
  if (system === 'linux') cpSync(here, join(folder, 'standin'), { recursive: true });
}
