// Which packages a bundle holds, written while it is built: the licences and the bill of materials are of these.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join('out', 'packages');
/** The last package that a path leads into, with where it is: `node_modules/a/node_modules/@b/c`. */
const PLACE = /[\\/](node_modules[\\/](?:.*[\\/]node_modules[\\/])?(?:@[^\\/]+[\\/])?[^\\/]+)[\\/]/;

/**
 * Writes out/packages/NAME.json: the packages' places, as package-lock.json has them.
 * @param {string} name of the bundle
 */
export function bundledPackages(name) {
  return {
    name: 'bundled-packages',
    generateBundle() {
      const places = [...this.getModuleIds()].map((id) => PLACE.exec(id)?.[1]?.replaceAll('\\', '/'));
      mkdirSync(FOLDER, { recursive: true });
      const found = [...new Set(places.filter((place) => place !== undefined))].sort();
      writeFileSync(join(FOLDER, `${name}.json`), `${JSON.stringify(found, null, 2)}\n`);
    },
  };
}
