import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { writeDistribution } from '../standin/distribution.mjs';

const run = promisify(execFile);

/** All files are dated so, in seconds since 1970. */
const EPOCH = 1_700_000_000;

export type PackagedSystem = 'linux' | 'win' | 'mac';

/** What packaging without a network needs, for `describeWith`. */
export const PACKAGE_NEEDS = {
  linux: true,
  programs: ['dpkg-deb', 'rpmbuild', 'bsdtar', 'tar'],
  files: ['resources/probe/linux-amd64/bulkhead-probe', 'resources/probe/linux-arm64/bulkhead-probe'],
} as const;

/**
 * Runs `npm run package` with the stand-in in the place of Electron, into a temporary folder.
 * @returns the folder
 */
export async function packageStandIn(...systems: readonly PackagedSystem[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bulkhead-packages-'));
  const electrons = join(folder, 'electron');
  for (const system of systems) {
    for (const arch of ['x64', 'arm64']) writeDistribution(join(electrons, `${system}-${arch}`), system);
  }
  await run(process.execPath, ['scripts/package.mjs', ...systems, '--offline'], {
    env: {
      ...process.env,
      BULKHEAD_PACKAGES: folder,
      BULKHEAD_ELECTRON_DIST: electrons,
      SOURCE_DATE_EPOCH: String(EPOCH),
    },
    maxBuffer: 64 * 1024 * 1024,
  });
  return folder;
}
