// `npm run test:windows`: Windows' own Node under Wine, with named pipes that lead to a real engine.
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCounts } from './counts.mjs';
import { prepareMachine, WINE_PACKAGES } from './setup-debian.mjs';

prepareMachine(WINE_PACKAGES);
const { step, vitest, finish } = createCounts();
await step('build', 'scripts/build.mjs');
await step('build the probe', 'scripts/build-probe.mjs');
// Wine has broken down in the middle of a run (its server died, or a program in it did not end), and then nothing that
// follows can pass. That, and nothing else, is worth a second run; what is known of it is shown.
const folder = mkdtempSync(join(tmpdir(), 'bulkhead-wine-faults-'));
const faults = join(folder, 'faults');
const again = () => {
  if (!existsSync(faults)) return false;
  console.log(`\nWine broke down, so these tests run once more:\n${readFileSync(faults, 'utf8')}`);
  return true;
};
await vitest('windows', { env: { BULKHEAD_WINE_FAULTS: faults }, again });
rmSync(folder, { recursive: true });
finish();
