// The stand-in as the program of an installed package: it runs the archive beside it, as Electron does. The archive is
// unpacked first, because Node reads none; each file must be what the archive's header says, as the fuse has Electron check.
import { createHash } from 'node:crypto';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const resources = join(dirname(fileURLToPath(import.meta.url)), '../resources');

// With the fuse off Electron starts the app a second time instead. A test reads this.
if (process.env.ELECTRON_RUN_AS_NODE !== undefined) {
  appendFileSync(join(tmpdir(), 'standin-run-as-node'), `${process.argv.join(' ')}\n`);
  process.exit(1);
}

function unpack(archive, folder) {
  const bytes = readFileSync(archive);
  // Two pickles: the size of the second, then in it the header's length and the header. Source: electron/asar.
  const header = JSON.parse(bytes.subarray(16, 16 + bytes.readUInt32LE(12)).toString());
  const start = 8 + bytes.readUInt32LE(4);
  const write = (path, { files, offset, size, integrity }) => {
    if (files !== undefined) {
      mkdirSync(path);
      for (const [name, entry] of Object.entries(files)) write(join(path, name), entry);
      return;
    }
    const content = bytes.subarray(start + Number(offset), start + Number(offset) + size);
    const hash = createHash('sha256').update(content).digest('hex');
    if (hash !== integrity.hash) throw new Error(`${path} is not what the archive's header says.`);
    writeFileSync(path, content);
  };
  write(folder, header);
}

const work = mkdtempSync(join(tmpdir(), 'standin-app-'));
process.on('exit', () => rmSync(work, { recursive: true, force: true }));
const beside = join(work, 'resources');
mkdirSync(beside);
for (const name of readdirSync(resources)) {
  if (name === 'app.asar') unpack(join(resources, name), join(beside, name));
  else symlinkSync(join(resources, name), join(beside, name));
}
Object.defineProperty(process, 'versions', { value: { ...process.versions, electron: '45.4.1' } });
globalThis.__standinApp = join(beside, 'app.asar');
// Electron's own: the program, then what it was started with.
process.argv.splice(0, 1);
await import('./electron.mjs');
