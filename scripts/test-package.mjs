// `npm run test:package`: packages on the stand-in for Electron; the deb is installed into a Debian of its own and started.
import { createCounts } from './counts.mjs';
import { PACKAGE_PACKAGES, prepareMachine } from './setup-debian.mjs';

prepareMachine(PACKAGE_PACKAGES);
const { step, vitest, finish } = createCounts();
await step('build', 'scripts/build.mjs');
await step('build the probe', 'scripts/build-probe.mjs');
await vitest('package');
finish();
