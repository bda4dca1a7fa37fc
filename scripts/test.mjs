// `npm test`: sets the machine up, checks, builds and runs every test but those that it names at its end. The last
// line is `N passed, N failed, N skipped`.
import { createCounts } from './counts.mjs';
import { prepareMachine } from './setup-debian.mjs';

const { step, vitest, playwright, finish } = createCounts();

prepareMachine();
await step('check', 'scripts/check.mjs');
const built = await step('build', 'scripts/build.mjs');
await step('build the probe', 'scripts/build-probe.mjs');
for (const project of ['unit', 'contract', 'probe', 'integration', 'cli']) await vitest(project);
if (built) await playwright('end to end');
console.log(`
Not run: the tests of packages (npm run test:package), under Wine (npm run test:windows), of the hidden VM
(npm run test:vm), and whether the tests notice deliberate breakages (npm run test:mutations).`);
finish();
